package dev.aevum.parser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenamingTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CREATE TABLE a (a int) | a | b | CREATE TABLE b (a int)",
        "create stream public . A (a int, b text) with (retention = 'none') | a | B c"
            + " | create stream public . \"B c\" (a int, b text) with (retention = 'none')",
        "CREATE VIEW \"a\" AS SELECT 1 AS a | a | select | CREATE VIEW \"select\" AS SELECT 1 AS a",
        "CREATE OR REPLACE MATERIALIZED VIEW IF NOT EXISTS v /* é */ AS SELECT 1 AS v | v | w"
            + " | CREATE OR REPLACE MATERIALIZED VIEW IF NOT EXISTS w /* é */ AS SELECT 1 AS v",
        "CREATE SINK s WITH (connector = 'blackhole') AS SELECT 1 AS a | s | k"
            + " | CREATE SINK k WITH (connector = 'blackhole') AS SELECT 1 AS a",
        "CREATE TABLE other (a int) | a | b | CREATE TABLE other (a int)"
      })
  void onlyTheNameChanges(String definition, String from, String to, String expected) {
    assertThat(Renaming.renamed(definition, from, to)).isEqualTo(expected);
    SqlParser.parseOne(expected);
  }
}
