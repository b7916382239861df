package dev.aevum.wire.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aevum.model.error.SqlException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Everything before the first query.
final class StartupTest {
  private static final int V3 = 3 << 16;
  private static final int SSL = 80877103;
  private static final int GSS = 80877104;

  private ServerFixture fixture;

  @BeforeEach
  void start() {
    fixture = new ServerFixture(2);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private WireClient raw() {
    return WireClient.raw(fixture.server.port());
  }

  private static WireClient request(WireClient client, int code) {
    return client.bytes(new WireClient.Body().int32(code).startup());
  }

  @Test
  void saysHello() {
    try (WireClient client = raw()) {
      client.startup(V3, "user", "u", "application_name", "app");
      List<String> replies = client.untilReady();
      assertThat(replies).startsWith("R 0").endsWith("K 4", "Z I");
      assertThat(replies)
          .contains(
              "S server_version=15.99",
              "S client_encoding=UTF8",
              "S application_name=app",
              "S TimeZone=UTC");
    }
  }

  @Test
  void refusesEncryptionAndGoesOn() {
    try (WireClient client = raw()) {
      assertThat(request(client, GSS).nextByte()).isEqualTo('N');
      assertThat(request(client, SSL).nextByte()).isEqualTo('N');
      assertThat(client.startup(V3, "user", "u").untilReady()).endsWith("Z I");
    }
  }

  @Test
  void encryptionIsAskedForOnce() {
    try (WireClient client = raw()) {
      request(client, SSL).nextByte();
      assertThat(request(client, SSL).next()).startsWith("E S=FATAL C=08P01");
      assertThat(client.next()).isEqualTo("closed");
    }
  }

  @Test
  void nothingMayFollowAnEncryptionRequestInTheClear() {
    try (WireClient client = raw()) {
      byte[] ssl = new WireClient.Body().int32(SSL).startup();
      byte[] startup = new WireClient.Body().int32(V3).text("user").text("u").int8(0).startup();
      byte[] both = java.util.Arrays.copyOf(ssl, ssl.length + startup.length);
      System.arraycopy(startup, 0, both, ssl.length, startup.length);
      assertThat(client.bytes(both).next())
          .isEqualTo("E S=FATAL C=08P01 M=received unencrypted data after SSL request");
      assertThat(client.next()).isEqualTo("closed");
    }
  }

  @Test
  void negotiatesTheVersionOnce() {
    try (WireClient client = raw()) {
      client.startup(V3 | 9999, "user", "u", "_pq_.test_protocol_negotiation", "1");
      List<String> replies = client.untilReady();
      assertThat(replies)
          .startsWith("v 30002 _pq_.test_protocol_negotiation", "R 0")
          .endsWith("K 32", "Z I");
      assertThat(replies.stream().filter(r -> r.startsWith("v"))).hasSize(1);
    }
    try (WireClient client = raw()) {
      assertThat(client.startup(V3 | 2, "user", "u").untilReady())
          .startsWith("R 0")
          .endsWith("K 32", "Z I");
    }
  }

  @Test
  void refusesOtherMajorVersions() {
    for (int major : new int[] {2, 4}) {
      try (WireClient client = raw()) {
        client.startup(major << 16, "user", "u");
        assertThat(client.next())
            .isEqualTo(
                "E S=FATAL C=0A000 M=unsupported frontend protocol "
                    + major
                    + ".0: server supports 3.0 to 3.2");
        assertThat(client.next()).isEqualTo("closed");
      }
    }
  }

  @Test
  void refusesBadParameters() {
    Map<String[], String> expected = new LinkedHashMap<>();
    expected.put(
        new String[] {"database", "d"},
        "E S=FATAL C=28000 M=no PostgreSQL user name specified in startup packet");
    expected.put(
        new String[] {"user", "u", "database", "nowhere"},
        "E S=FATAL C=3D000 M=database \"nowhere\" does not exist");
    expected.put(
        new String[] {"user", "u", "replication", "database"},
        "E S=FATAL C=0A000 M=replication connections are not supported");
    expected.put(
        new String[] {"user", "u", "options", "-x"},
        "E S=FATAL C=42601 M=invalid command-line argument for server process: -x");
    expected.put(
        new String[] {"user"},
        "E S=FATAL C=08P01 M=invalid startup packet layout: expected terminator as last byte");
    expected.forEach((parameters, error) -> {
      try (WireClient client = raw()) {
        assertThat(client.startup(V3, parameters).next()).isEqualTo(error);
        assertThat(client.next()).isEqualTo("closed");
      }
    });
  }

  @Test
  void readsOptions() {
    Map<String, String> settings = new LinkedHashMap<>();
    StartupParameters.parseOptions(
        "-c search_path=a\\ b,\\\\c --statement-timeout=5s -cwork_mem=1MB", settings);
    assertThat(settings)
        .containsExactly(
            Map.entry("search_path", "a b,\\c"),
            Map.entry("statement_timeout", "5s"),
            Map.entry("work_mem", "1MB"));
    try (WireClient client = raw()) {
      assertThat(client.startup(V3, "user", "u", "options", "-c search_path=app").untilReady())
          .contains("S search_path=app");
    }
  }

  @Test
  void impossibleLengthsCloseSilently() {
    for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 4, 7, 10_001, Integer.MAX_VALUE}) {
      try (WireClient client = raw()) {
        client.bytes(
            (byte) (length >> 24),
            (byte) (length >> 16),
            (byte) (length >> 8),
            (byte) length,
            (byte) 0);
        assertThat(client.next()).isEqualTo("closed");
      }
    }
  }

  @Test
  void tooManyConnections() {
    List<WireClient> clients = new ArrayList<>(List.of(fixture.connect(), fixture.connect()));
    try (WireClient client = raw()) {
      assertThat(client.startup(V3, "user", "u").next())
          .isEqualTo("E S=FATAL C=53300 M=sorry, too many clients already");
      assertThat(client.next()).isEqualTo("closed");
    }
    clients.removeFirst().close();
    ServerFixture.await("a place is free", () -> fixture.server.sessionCount() == 1);
    clients.add(fixture.connect());
    clients.forEach(WireClient::close);
  }

  @Test
  void silentSocketsKeepNobodyOut() {
    List<WireClient> silent = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      silent.add(raw());
    }
    silent.add(fixture.connect());
    assertThat(silent.getFirst().next()).isEqualTo("closed");
    assertThat(silent.get(149).startup(V3, "user", "u").untilReady()).endsWith("Z I");
    silent.forEach(WireClient::close);
  }

  @Test
  void aClientThatSaysNothingIsClosed() {
    ServerSettings settings = ServerFixture.settings(2);
    ServerSettings hasty =
        new ServerSettings(
            settings.address(),
            2,
            settings.maxMessageBytes(),
            settings.maxPendingBytes(),
            Duration.ofMillis(50),
            Duration.ofSeconds(5));
    try (ServerFixture other = new ServerFixture(hasty);
        WireClient client = WireClient.raw(other.server.port());
        WireClient session = other.connect()) {
      assertThat(client.next()).isEqualTo("closed");
      assertThat(session.query("GET").untilReady()).endsWith("Z I");
    }
  }

  @Test
  void listensOnLoopbackOnly() {
    ServerSettings settings = ServerSettings.of(new InetSocketAddress("0.0.0.0", 0));
    assertThatThrownBy(() -> PostgresServer.start(fixture.database, fixture.allocator, settings))
        .isInstanceOfSatisfying(
            SqlException.class, e -> assertThat(e.sqlState()).isEqualTo("28000"));
    InetSocketAddress taken =
        new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), fixture.server.port());
    assertThatThrownBy(() ->
            PostgresServer.start(fixture.database, fixture.allocator, ServerSettings.of(taken)))
        .isInstanceOfSatisfying(
            SqlException.class, e -> assertThat(e.sqlState()).isEqualTo("57P03"));
  }
}
