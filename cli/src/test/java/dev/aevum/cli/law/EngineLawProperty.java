package dev.aevum.cli.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.executor.function.Casts;
import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SqlType;
import dev.aevum.testing.random.Coverage;
import dev.aevum.testing.random.ExpressionGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The law of views held by the assembled database: random tables and streams, views over them and
/// over views made and dropped at any time, INSERT, UPDATE and DELETE alone and in transactions,
/// clean restarts and crashes of the disk, with changing numbers of workers. After every statement
/// each relation and view holds what the reference evaluator finds, `aevum.errors` has the rows
/// that failed, and late tables those that came late.
///
/// Seeds: `-Daevum.seed=N` begins at N, `-Daevum.engine.cases=N` runs N of them.
class EngineLawProperty {
  private static final long FIRST_SEED = Long.getLong("aevum.seed", 1);
  private static final int CASES = Integer.getInteger("aevum.engine.cases", 20);

  @TempDir Path temp;

  private final FunctionRegistry functions = FunctionRegistry.standard();
  private final Coverage coverage = new Coverage();

  @Test
  void databaseEqualsRecomputed() throws IOException {
    coverage.expect(
        "engine",
        List.of(
            "insert",
            "update",
            "delete",
            "commit",
            "rollback",
            "create view",
            "view over view",
            "drop view",
            "restart",
            "crash",
            "key violation",
            "late row",
            "late table",
            "row error"));
    List<String> failures = new ArrayList<>();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + CASES && failures.size() < 5; seed++) {
      Path folder = Files.createDirectory(temp.resolve("seed" + seed));
      try (LawRun run = new LawRun(seed, folder, coverage, functions, this::castable)) {
        run.run();
      } catch (RuntimeException | AssertionError e) {
        failures.add("seed " + seed + ": " + e + "\n" + LawRun.stack(e));
      }
    }
    System.out.println(coverage.report());
    assertThat(failures).isEmpty();
    if (CASES >= 20) {
      assertThat(coverage.below(0, List.of("engine"))).isEmpty();
    }
  }

  private boolean castable(SqlType from, SqlType to) {
    if (!ExpressionGenerator.standardCast(from, to)) {
      return false;
    }
    try {
      Casts.kernel(from, to, true);
      return true;
    } catch (SqlException e) {
      return false;
    }
  }
}
