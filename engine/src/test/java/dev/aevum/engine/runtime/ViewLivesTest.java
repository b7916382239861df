package dev.aevum.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.engine.catalog.CatalogChange;
import dev.aevum.engine.catalog.CatalogObject;
import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.catalog.CatalogObject.SinkObject;
import dev.aevum.model.error.SqlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewLivesTest {
  private static final String STATES = "SELECT name, state FROM aevum.views";

  @TempDir private Path temp = Path.of("");

  private void define(TestDatabase db) {
    db.run("CREATE TABLE t (k INT, v BIGINT)");
    db.run(
        "CREATE MATERIALIZED VIEW sums AS SELECT k, sum(v) AS s, count(*) AS n FROM t GROUP BY k");
    db.run("CREATE MATERIALIZED VIEW big AS SELECT k FROM sums WHERE s > 10");
    db.run("CREATE MATERIALIZED VIEW apart AS SELECT max(v) AS m FROM t");
    db.run(
        "CREATE SINK out FROM sums WITH (connector = 'file', format = 'csv', changelog = true, path = '"
            + temp.resolve("out.csv")
            + "')");
    db.run("INSERT INTO t VALUES (1, 5), (1, 6), (2, 7)");
  }

  private static void check(TestDatabase db) {
    assertThat(db.query("SELECT * FROM sums"))
        .isEqualTo(db.query("SELECT k, sum(v) AS s, count(*) AS n FROM t GROUP BY k"));
    assertThat(db.query("SELECT * FROM big"))
        .isEqualTo(db.query("SELECT k FROM t GROUP BY k HAVING sum(v) > 10"));
    assertThat(db.query("SELECT * FROM apart")).isEqualTo(db.query("SELECT max(v) FROM t"));
    assertThat(db.query(STATES)).containsExactly("apart|RUNNING", "big|RUNNING", "sums|RUNNING");
  }

  /// What the sink has written, added up, is what the view holds.
  private void checkSink(TestDatabase db) throws IOException {
    assertThat(db.query("SELECT state FROM aevum.sinks")).containsExactly("RUNNING");
    List<String> rows = db.query("SELECT k || ',' || s || ',' || n FROM sums");
    db.close();
    Map<String, Integer> written = new HashMap<>();
    for (String line : Files.readAllLines(temp.resolve("out.csv"))) {
      String[] parts = line.split(",", 2);
      written.merge(parts[1], parts[0].equals("insert") ? 1 : -1, Integer::sum);
    }
    List<String> left = new ArrayList<>();
    written.forEach((row, count) -> {
      assertThat(count).as(row).isBetween(0, 1);
      if (count == 1) {
        left.add(row);
      }
    });
    assertThat(left).containsExactlyInAnyOrderElementsOf(rows);
  }

  private static void forget(TestDatabase db, String name) {
    db.runtime()
        .driver()
        .exclusive(() -> {
          CatalogObject object = db.runtime().catalog().find(db.oid(name));
          CatalogObject changed =
              switch (object) {
                case MaterializedViewObject v -> v.withState("another", null);
                case SinkObject s -> s.withState("another", null);
                case null, default -> throw new AssertionError(name);
              };
          db.runtime().change(new CatalogChange.Put(changed));
          return 0;
        });
  }

  @Test
  void aPlanThatFitsIsTakenUp() throws IOException {
    TestDatabase db = new TestDatabase(temp.resolve("data"));
    define(db);
    long step = db.runtime().step();
    db.restart();
    assertThat(db.runtime().step()).as("nothing was rebuilt").isEqualTo(step);
    check(db);
    checkSink(db);
  }

  @Test
  void aPlanThatHasChangedIsRebuiltWithAllAboveIt() throws IOException {
    TestDatabase db = new TestDatabase(temp.resolve("data"));
    define(db);
    forget(db, "sums");
    db.restart();
    check(db);
    db.run("INSERT INTO t VALUES (2, 70), (3, 1); DELETE FROM t WHERE k = 1 AND v = 5");
    check(db);
    long step = db.runtime().step();
    db.restart();
    assertThat(db.runtime().step()).as("once is enough").isEqualTo(step);
    check(db);
    checkSink(db);
  }

  @Test
  void contentsOfAnotherFormAreReplaced() throws IOException {
    TestDatabase db = new TestDatabase(temp.resolve("data"));
    define(db);
    db.runtime()
        .driver()
        .exclusive(() -> {
          MaterializedViewObject sums =
              (MaterializedViewObject) db.runtime().catalog().find(db.oid("sums"));
          var columns = List.of(sums.columns().get(0));
          db.runtime()
              .change(
                  new CatalogChange.Put(
                      sums.planned(columns, List.of(), false, sums.inputs()).withState("x", null)));
          return 0;
        });
    db.restart();
    check(db);
    assertThat(db.query("SELECT state FROM aevum.sinks")).containsExactly("FAILED");
    db.run("INSERT INTO t VALUES (2, 70), (3, 1)");
    db.restart();
    check(db);
    db.close();
  }

  @Test
  void aFailureIsVisibleAndMendedByRefresh() throws IOException {
    TestDatabase db = new TestDatabase(temp.resolve("data"));
    define(db);
    db.fail("sums", new IllegalStateException("a bug"));
    assertThat(db.query(STATES)).containsExactly("apart|RUNNING", "big|FAILED", "sums|FAILED");
    assertThat(db.query("SELECT name, reason FROM aevum.views WHERE reason IS NOT NULL"))
        .containsExactly(
            "big|input failed: view \"sums\"", "sums|test: IllegalStateException: a bug");
    assertThat(db.query("SELECT state, reason FROM aevum.sinks"))
        .containsExactly("FAILED|input failed: view \"sums\"");
    SqlException read = db.error("SELECT * FROM sums");
    assertThat(read.sqlState()).isEqualTo("55000");
    assertThat(read.text()).isEqualTo("materialized view \"sums\" has failed");
    assertThat(read.detail()).isEqualTo("test: IllegalStateException: a bug");
    assertThat(read.hint()).contains("REFRESH MATERIALIZED VIEW");
    assertThat(db.error("CREATE MATERIALIZED VIEW above AS SELECT k FROM sums").sqlState())
        .isEqualTo("55000");
    assertThat(db.error("REFRESH MATERIALIZED VIEW big").text()).contains("\"sums\" has failed");

    db.run("INSERT INTO t VALUES (2, 70), (3, 1); DELETE FROM t WHERE k = 1");
    db.run("REFRESH MATERIALIZED VIEW sums");
    check(db);
    db.run("INSERT INTO t VALUES (3, 100)");
    check(db);
    db.restart();
    check(db);
    checkSink(db);
  }

  @Test
  void aFailureOutlivesTheProcessAndIsMendedByTheNextStart() throws IOException {
    TestDatabase db = new TestDatabase(temp.resolve("data"));
    define(db);
    db.fail("sums", new IllegalStateException("a bug"));
    db.run("INSERT INTO t VALUES (2, 70), (3, 1)");
    db.restart();
    check(db);
    db.run("INSERT INTO t VALUES (3, 100)");
    check(db);
    checkSink(db);
  }

  @Test
  void inMemoryToo() throws IOException {
    TestDatabase db = new TestDatabase(null);
    define(db);
    db.fail("sums", new IllegalStateException("a bug"));
    db.run("INSERT INTO t VALUES (2, 70), (3, 1)");
    db.run("REFRESH MATERIALIZED VIEW sums");
    check(db);
    checkSink(db);
  }

  @Test
  void aSinkWithoutKnownPastStaysFailed() {
    try (TestDatabase db = new TestDatabase(temp.resolve("data"))) {
      define(db);
      db.run(
          "CREATE SINK joined WITH (connector = 'blackhole') AS SELECT t.v FROM t, sums WHERE t.k = sums.k");
      db.fail("sums", new IllegalStateException("a bug"));
      db.run("REFRESH MATERIALIZED VIEW sums");
      assertThat(db.query("SELECT name, state FROM aevum.sinks"))
          .containsExactly("joined|FAILED", "out|RUNNING");
      assertThat(db.query("SELECT reason FROM aevum.sinks WHERE state = 'FAILED'"))
          .singleElement()
          .asString()
          .contains("drop the sink and create it again");
    }
  }

  @Test
  void rowsThatAreGoneFailTheView() {
    try (TestDatabase db = new TestDatabase(temp.resolve("data"))) {
      db.run("CREATE STREAM s (x INT) WITH (retention = 'none')");
      db.run("CREATE MATERIALIZED VIEW total AS SELECT sum(x) FROM s");
      db.run("CREATE MATERIALIZED VIEW other AS SELECT count(*) FROM s");
      db.run("INSERT INTO s VALUES (1), (2)");
      forget(db, "total");
      db.restart();
      assertThat(db.query(STATES)).containsExactly("other|RUNNING", "total|FAILED");
      assertThat(db.query("SELECT reason FROM aevum.views WHERE name = 'total'"))
          .singleElement()
          .asString()
          .contains("55000: stream \"s\" cannot be read again: it keeps no rows")
          .contains("Drop it and create it again");
      assertThat(db.error("SELECT * FROM total").sqlState()).isEqualTo("55000");
      assertThat(db.error("REFRESH MATERIALIZED VIEW total").sqlState()).isEqualTo("55000");
      db.run("INSERT INTO s VALUES (3)");
      assertThat(db.query("SELECT * FROM other")).containsExactly("3");
      db.run("DROP MATERIALIZED VIEW total");
    }
  }

  @Test
  void aSourceIsReadAgainUpToWhereItIs() {
    try (TestDatabase db = new TestDatabase(temp.resolve("data"))) {
      db.run(
          "CREATE STREAM load (auction BIGINT, price BIGINT, ts TIMESTAMPTZ)"
              + " WITH (connector = 'datagen', dataset = 'auction', rows = 5000, pace = 'max', start_time = '2026-01-01 00:00:00Z')");
      db.run(
          "CREATE MATERIALIZED VIEW a AS SELECT auction, count(*) AS n FROM load GROUP BY auction");
      db.run(
          "CREATE MATERIALIZED VIEW b AS SELECT auction, count(*) AS n FROM load GROUP BY auction");
      assertThat(db.query("SELECT sum(n) FROM a")).containsExactly("5000");
      db.fail("a", new IllegalStateException("a bug"));
      db.run("REFRESH MATERIALIZED VIEW a");
      assertThat(db.query("SELECT * FROM a")).isEqualTo(db.query("SELECT * FROM b"));
      forget(db, "a");
      db.restart();
      assertThat(db.query("SELECT * FROM a")).isEqualTo(db.query("SELECT * FROM b"));
      forget(db, "a");
      forget(db, "b");
      db.restart();
      assertThat(db.query("SELECT * FROM a")).isEqualTo(db.query("SELECT * FROM b"));
      assertThat(db.query("SELECT sum(n) FROM a")).containsExactly("5000");
    }
  }

  @Test
  void refreshNamesWhatItTakes() {
    try (TestDatabase db = new TestDatabase(null)) {
      define(db);
      db.run("REFRESH MATERIALIZED VIEW sums");
      assertThat(db.error("REFRESH MATERIALIZED VIEW gone").sqlState()).isEqualTo("42P01");
      assertThat(db.error("REFRESH MATERIALIZED VIEW t").sqlState()).isEqualTo("42809");
    }
  }

  @Test
  void aDefinitionKeepsTheSessionsMeaning() {
    try (TestDatabase db = new TestDatabase(temp.resolve("data"))) {
      db.run("CREATE TABLE times (ts TIMESTAMPTZ)");
      db.run(
          "SET TimeZone = 'Asia/Tokyo'; CREATE MATERIALIZED VIEW later AS SELECT ts FROM times WHERE ts > '2026-01-01 09:00:00'::timestamptz");
      db.run("INSERT INTO times VALUES ('2026-01-01 01:00:00Z')");
      assertThat(db.query("SELECT * FROM later")).hasSize(1);
      long step = db.runtime().step();
      db.restart();
      assertThat(db.runtime().step()).isEqualTo(step);
      db.run("INSERT INTO times VALUES ('2026-01-01 02:00:00Z')");
      assertThat(db.query("SELECT * FROM later")).hasSize(2);
    }
  }
}
