package dev.aevum.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.parser.tree.TreePrinter;
import org.junit.jupiter.api.Test;

class SqlParserTest {
  @Test
  void scriptsGiveTextAndSpanOfEachStatement() {
    String script = " SELECT ';' ; -- a; b\n;;\nSELECT $$;$$, \";\" /* ; */";
    assertThat(SqlParser.parseScript(script))
        .extracting(ParsedStatement::text)
        .containsExactly("SELECT ';'", "SELECT $$;$$, \";\"");
    assertThat(SqlParser.parseScript(script).get(0).span()).isEqualTo(new SourceSpan(2, 12));
    assertThat(SqlParser.parseScript(" ; -- nothing\n")).isEmpty();
  }

  @Test
  void oneStatementMeansOne() {
    assertThatThrownBy(() -> SqlParser.parseOne("SELECT 1; SELECT 2"))
        .isInstanceOf(SqlException.class)
        .hasMessage("cannot insert multiple commands into a prepared statement");
    assertThatThrownBy(() -> SqlParser.parseOne("  "))
        .isInstanceOf(SqlException.class)
        .hasMessage("syntax error at end of input");
  }

  @Test
  void splitterTellsWhetherMoreMustFollow() {
    assertThat(StatementSplitter.split("SELECT 1; SELECT 'a;"))
        .extracting(StatementSplitter.Part::text, StatementSplitter.Part::isTerminated)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("SELECT 1", true),
            org.assertj.core.groups.Tuple.tuple("SELECT 'a;", false));
    assertThat(StatementSplitter.split("SELECT 1 /* ; "))
        .extracting(StatementSplitter.Part::isTerminated)
        .containsExactly(false);
    assertThat(StatementSplitter.split(" -- only\n")).isEmpty();
  }

  @Test
  void expressionsAloneParse() {
    assertThat(TreePrinter.print(SqlParser.parseExpression("ts - INTERVAL '4 seconds'")))
        .isEqualTo("(- ts (interval '4 seconds'))");
    assertThatThrownBy(() -> SqlParser.parseExpression("1 1")).isInstanceOf(SqlException.class);
  }

  @Test
  void deepNestingIsRefusedAndLongChainsAreNot() {
    String deep = "SELECT " + "(".repeat(100_000) + "1" + ")".repeat(100_000);
    assertThatThrownBy(() -> SqlParser.parseOne(deep))
        .isInstanceOfSatisfying(
            SqlException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.STATEMENT_TOO_COMPLEX));
    assertThat(SqlParser.parseOne("SELECT 1" + " + 1".repeat(20_000))).isNotNull();
    assertThat(SqlParser.parseOne("SELECT a" + " OR a".repeat(20_000))).isNotNull();
    assertThat(SqlParser.parseOne("SELECT a IN (1" + ", 1".repeat(20_000) + ")")).isNotNull();
    assertThat(SqlParser.parseOne("SELECT " + "(".repeat(200) + "1" + ")".repeat(200))).isNotNull();
  }

  @Test
  void anEarlierSyntaxErrorWinsOverALexicalOne() {
    assertThatThrownBy(() -> SqlParser.parseOne("SELECT FROM FROM 'abc"))
        .hasMessage("syntax error at or near \"FROM\"");
    assertThatThrownBy(() -> SqlParser.parseOne("SELECT a FROM t WHERE b = 'abc"))
        .hasMessage("unterminated quoted string at or near \"'abc\"");
  }
}
