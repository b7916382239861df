package dev.aevum.wire.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/// Garbage on the port ends in an ErrorResponse or a closed socket, and the server lives on;
/// [ServerFixture] sees to what is left over.
final class GarbageProperty {
  private static final String TYPES = "QPBDECSHXdcfFpZ\0\u00ff";

  @Test
  void randomBytesInsteadOfAStartup() {
    long seed = 20_260_101;
    Random random = new Random(seed);
    try (ServerFixture fixture = new ServerFixture()) {
      for (int i = 0; i < 200; i++) {
        byte[] bytes = new byte[1 + random.nextInt(300)];
        random.nextBytes(bytes);
        if (random.nextBoolean()) {
          // A plausible length, so that the packet itself is read.
          int length = 8 + random.nextInt(bytes.length);
          bytes =
              new WireClient.Body()
                  .int32(length)
                  .int16(3)
                  .int16(random.nextInt(3))
                  .raw(bytes)
                  .startup();
          bytes = java.util.Arrays.copyOfRange(bytes, 4, bytes.length);
        }
        try (WireClient client = WireClient.raw(fixture.server.port())) {
          client.bytes(bytes);
          client.socket.shutdownOutput();
          readToEnd(client, seed, i);
        } catch (java.io.IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
      alive(fixture);
    }
  }

  @Test
  void randomMessagesInASession() {
    long seed = 20_260_102;
    Random random = new Random(seed);
    try (ServerFixture fixture = new ServerFixture()) {
      for (int i = 0; i < 300; i++) {
        try (WireClient client = fixture.connect()) {
          for (int k = 1 + random.nextInt(8); k > 0; k--) {
            send(client, random);
          }
          client.socket.shutdownOutput();
          readToEnd(client, seed, i);
        } catch (java.io.IOException | java.io.UncheckedIOException e) {
          // The server closed first: allowed.
          assertThat(e.getMessage()).as("seed %d case %d", seed, i).isNotNull();
        }
      }
      alive(fixture);
    }
  }

  /// Messages of a right type and length whose fields are random, or mutilated right ones.
  private static void send(WireClient client, Random random) {
    byte[] body = new byte[random.nextInt(40)];
    random.nextBytes(body);
    char type = TYPES.charAt(random.nextInt(TYPES.length()));
    switch (random.nextInt(6)) {
      case 0 -> client.bytes(body);
      case 1 ->
          client.bytes(
              new WireClient.Body().int8(type).int32(random.nextInt()).raw(body).message('Q'));
      case 2 -> client.send(type, new WireClient.Body().raw(body));
      case 3 -> {
        byte[] bind =
            new WireClient.Body()
                .text("")
                .text("s")
                .int16(1)
                .int16(1)
                .int16(1)
                .int32(4)
                .int32(5)
                .int16(0)
                .message('B');
        bind[random.nextInt(bind.length)] = (byte) random.nextInt();
        client.parse("s", "ECHO integer").bytes(bind).execute("", 0).sync();
      }
      case 4 ->
          client.bytes(
              new WireClient.Body().int8(type).int32(Integer.MAX_VALUE).raw(body).message('d'));
      default -> client.query("ROWS 3").sync();
    }
  }

  @Test
  void hugeLengthsTakeNoMemory() {
    try (ServerFixture fixture = new ServerFixture();
        WireClient client = fixture.connect();
        WireClient other = fixture.connect()) {
      client.bytes(new WireClient.Body().int8('Q').int32(1 << 20).message('d'));
      other.bytes((byte) 'Q', (byte) 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff);
      assertThat(other.next(2))
          .containsExactly("E S=FATAL C=08P01 M=invalid message length", "closed");
      try (WireClient third = fixture.connect()) {
        third.bytes((byte) 'S', (byte) 0, (byte) 0, (byte) 0, (byte) 3);
        assertThat(third.next(2))
            .containsExactly("E S=FATAL C=08P01 M=invalid message length", "closed");
      }
      try (WireClient fourth = fixture.connect()) {
        fourth.bytes((byte) '?');
        fourth.bytes((byte) 0, (byte) 0, (byte) 0, (byte) 4);
        assertThat(fourth.next(2))
            .containsExactly("E S=FATAL C=08P01 M=invalid frontend message type 63", "closed");
      }
      alive(fixture);
    }
  }

  @Test
  void countsBeyondTheMessageAreRefused() {
    try (ServerFixture fixture = new ServerFixture();
        WireClient client = fixture.connect()) {
      String tooShort = "E S=ERROR C=08P01 M=insufficient data left in message";
      client.send('P', new WireClient.Body().text("").text("GET").int16(-1)).sync();
      assertThat(client.untilReady()).containsExactly(tooShort, "Z I");
      client
          .send(
              'B',
              new WireClient.Body().text("").text("").int16(0).int16(1).int32(1000).raw((byte) 1))
          .sync();
      assertThat(client.untilReady()).containsExactly(tooShort, "Z I");
      client
          .send(
              'B',
              new WireClient.Body().text("").text("").int16(0).int16(1).int32(-2).raw((byte) 1))
          .sync();
      assertThat(client.untilReady())
          .containsExactly("E S=ERROR C=08P01 M=invalid message format", "Z I");
      client.send('D', new WireClient.Body().int8('Q').text("")).sync();
      assertThat(client.untilReady())
          .containsExactly("E S=ERROR C=08P01 M=invalid DESCRIBE message subtype 81", "Z I");
    }
  }

  private static void readToEnd(WireClient client, long seed, int i) {
    for (int k = 0; k < 10_000; k++) {
      int first = client.nextByte();
      if (first < 0) {
        return;
      }
    }
    throw new AssertionError("no end, seed " + seed + " case " + i);
  }

  private static void alive(ServerFixture fixture) {
    try (WireClient client = fixture.connect()) {
      assertThat(client.query("ROWS 1").untilReady()).endsWith("C SELECT 1", "Z I");
    }
  }
}
