package dev.aevum.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aevum.engine.api.Portal;
import dev.aevum.engine.api.Session;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A query that nobody fetches from does not keep old contents for ever.
class IdleReadersTest {
  @TempDir private Path folder;

  private static Portal portal(Session session, String sql) {
    session.beginImplicit();
    return session.prepare(session.split(sql).getFirst(), List.of()).bind(List.of());
  }

  private static int fetch(Portal portal, int rows) {
    try (var batch = Objects.requireNonNull(portal.fetch(rows).batch())) {
      return batch.rows();
    }
  }

  @Test
  void aPortalThatIsIdleForAMinuteIsReleased() {
    try (TestDatabase database = new TestDatabase(folder)) {
      database.run("CREATE TABLE t (id INT PRIMARY KEY)");
      database.run("INSERT INTO t SELECT i FROM generate_series(1, 10000) AS s(i)");
      IdleReaders readers = database.runtime().readers();
      try (Session session = database.openSession()) {
        Portal portal = portal(session, "SELECT id FROM t");
        assertThat(readers.count()).isZero();
        assertThat(fetch(portal, 10)).isEqualTo(10);
        assertThat(readers.count()).isEqualTo(1);

        database.advance(Duration.ofSeconds(50));
        assertThat(fetch(portal, 10)).as("within the minute").isEqualTo(10);
        database.advance(Duration.ofSeconds(50));
        assertThat(fetch(portal, 10)).as("the minute counts from the last fetch").isEqualTo(10);

        database.advance(Duration.ofSeconds(61));
        assertThat(readers.count()).isZero();
        assertThatThrownBy(() -> portal.fetch(10))
            .isInstanceOfSatisfying(
                SqlException.class,
                e -> {
                  assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD);
                  assertThat(e.code().sqlState()).isEqualTo("72000");
                  assertThat(e.text()).isEqualTo("snapshot too old");
                });
        portal.close();
        session.sync(true);
        assertThat(database.query("SELECT count(*) FROM t")).containsExactly("10000");
      }
    }
  }

  @Test
  void onesThatAreReadToTheEndOrClosedAreForgotten() {
    try (TestDatabase database = new TestDatabase(folder)) {
      database.run("CREATE TABLE t (id INT PRIMARY KEY)");
      database.run("INSERT INTO t SELECT i FROM generate_series(1, 10) AS s(i)");
      IdleReaders readers = database.runtime().readers();
      assertThat(database.query("SELECT count(*) FROM t")).containsExactly("10");
      assertThat(readers.count()).isZero();
      try (Session session = database.openSession();
          Portal portal = portal(session, "SELECT id FROM t")) {
        assertThat(fetch(portal, 3)).isEqualTo(3);
        assertThat(readers.count()).isEqualTo(1);
      }
      assertThat(readers.count()).isZero();
    }
  }
}
