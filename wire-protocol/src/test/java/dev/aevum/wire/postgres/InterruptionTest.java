package dev.aevum.wire.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What stops a statement or a session: cancel, timeout, a dropped socket, shutdown; and clients
/// that do not read.
final class InterruptionTest {
  private ServerFixture fixture;

  @BeforeEach
  void start() {
    fixture = new ServerFixture();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private void cancel(int processId, byte[] key) {
    try (WireClient other = WireClient.raw(fixture.server.port())) {
      other.bytes(new WireClient.Body().int32(80877102).int32(processId).raw(key).startup());
      assertThat(other.next()).isEqualTo("closed");
    }
  }

  private WireClient sleeper() throws InterruptedException {
    WireClient client = fixture.connect();
    client.query("PUT lost; SLEEP");
    assertThat(fixture.database.sleeping.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
    return client;
  }

  @Test
  void cancelStopsTheStatementAndTheSessionGoesOn() throws InterruptedException {
    try (WireClient client = sleeper()) {
      cancel(client.processId, new byte[] {1, 2, 3, 4});
      cancel(client.processId + 1, client.key);
      cancel(client.processId, client.key);
      assertThat(client.untilReady())
          .containsExactly(
              "C INSERT 0 1", "E S=ERROR C=57014 M=canceling statement due to user request", "Z I");
      cancel(client.processId, client.key);
      assertThat(client.query("GET").untilReady()).endsWith("C SELECT 0", "Z I");
    }
  }

  @Test
  void longKeysCancelToo() throws InterruptedException {
    try (WireClient client = WireClient.raw(fixture.server.port())) {
      client.startup(3 << 16 | 2, "user", "u").untilReady();
      client.query("SLEEP");
      assertThat(fixture.database.sleeping.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
      cancel(client.processId, java.util.Arrays.copyOf(client.key, 4));
      cancel(client.processId, client.key);
      assertThat(client.untilReady().getFirst()).startsWith("E S=ERROR C=57014");
    }
  }

  @Test
  void cancelStopsACopyThatWaitsForData() {
    try (WireClient client = fixture.connect()) {
      client.query("COPY IN");
      assertThat(client.next()).isEqualTo("G 0 1");
      cancel(client.processId, client.key);
      assertThat(client.untilReady())
          .containsExactly("E S=ERROR C=57014 M=canceling statement due to user request", "Z I");
    }
  }

  @Test
  void statementTimeout() {
    try (WireClient client = fixture.connect()) {
      client.query("SET statement_timeout 30").untilReady();
      assertThat(client.query("SLEEP").untilReady())
          .containsExactly(
              "E S=ERROR C=57014 M=canceling statement due to statement timeout", "Z I");
      client.parse("", "SLEEP").bind("", "", List.of()).execute("", 0).sync();
      assertThat(client.untilReady())
          .containsExactly(
              "1", "2", "E S=ERROR C=57014 M=canceling statement due to statement timeout", "Z I");
      assertThat(client.query("ROWS 1").untilReady()).endsWith("C SELECT 1", "Z I");
    }
  }

  @Test
  void idleInTransactionTimeout() {
    try (WireClient client = fixture.connect()) {
      client.query("SET idle_in_transaction_session_timeout 50").untilReady();
      assertThat(client.query("BEGIN; PUT lost").untilReady()).endsWith("Z T");
      assertThat(client.next(2))
          .containsExactly(
              "E S=FATAL C=25P03 M=terminating connection due to idle-in-transaction timeout",
              "closed");
      assertThat(fixture.database.committed).isEmpty();
    }
  }

  @Test
  void aDroppedSocketEndsTheSessionWithinASecond() throws InterruptedException {
    WireClient client = sleeper();
    long start = System.nanoTime();
    client.close();
    ServerFixture.await("the session is closed", () -> fixture.database.openSessions.get() == 0);
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(1));
    assertThat(fixture.database.committed).isEmpty();
  }

  @Test
  void terminateEndsTheSession() {
    try (WireClient client = fixture.connect()) {
      client.query("BEGIN; PUT lost").untilReady();
      client.send('X', new WireClient.Body());
      assertThat(client.next()).isEqualTo("closed");
      assertThat(fixture.database.committed).isEmpty();
    }
  }

  @Test
  void shutdownTellsEverySession() throws InterruptedException {
    try (WireClient idle = fixture.connect();
        WireClient busy = sleeper();
        WireClient copying = fixture.connect()) {
      copying.query("COPY IN").next();
      fixture.server.close();
      String goodbye = "E S=FATAL C=57P01 M=terminating connection due to administrator command";
      assertThat(idle.next(2)).containsExactly(goodbye, "closed");
      assertThat(busy.next(3)).containsExactly("C INSERT 0 1", goodbye, "closed");
      assertThat(copying.next(2)).containsExactly(goodbye, "closed");
      assertThat(fixture.database.committed).isEmpty();
    }
  }

  @Test
  void aClientThatDoesNotReadHoldsUpOnlyItsOwnStatement() {
    try (WireClient slow = fixture.connect();
        WireClient other = fixture.connect()) {
      slow.query("ROWS 20000000");
      long given;
      do {
        given = fixture.database.rowsGiven.get();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
      } while (given == 0 || fixture.database.rowsGiven.get() != given);
      assertThat(given).isLessThan(10_000_000);
      assertThat(fixture.buffers.metric().usedDirectMemory()).isLessThan(4 << 20);
      assertThat(other.query("ROWS 1").untilReady()).endsWith("C SELECT 1", "Z I");
      cancel(slow.processId, slow.key);
      List<String> replies = slow.untilReady();
      assertThat(replies)
          .endsWith("E S=ERROR C=57014 M=canceling statement due to user request", "Z I");
      assertThat(replies.size()).isGreaterThan(1000);
    }
  }

  @Test
  void aClientThatSendsWithoutReadingIsHeldUp() {
    try (WireClient client = fixture.connect()) {
      // More than the inbox holds, answered by more than may be pending.
      Thread.ofVirtual()
          .start(() -> {
            for (int i = 0; i < 3000; i++) {
              client.query("ROWS 100");
            }
          });
      for (int i = 0; i < 3000; i++) {
        assertThat(client.untilReady()).hasSize(103);
      }
    }
  }

  @Test
  void idleConnectionsAreCheap() {
    try (ServerFixture big = new ServerFixture(600)) {
      List<WireClient> clients = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        clients.add(big.connect());
      }
      assertThat(big.database.openSessions).hasValue(500);
      assertThat(big.buffers.metric().usedDirectMemory()).isLessThan(1 << 20);
      assertThat(clients.get(250).query("ROWS 1").untilReady()).endsWith("C SELECT 1", "Z I");
      clients.forEach(WireClient::close);
    }
  }
}
