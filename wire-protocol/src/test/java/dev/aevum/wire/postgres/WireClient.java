package dev.aevum.wire.postgres;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Speaks the protocol message by message and prints what comes back as one line a message: the
/// type letter, then the fields that matter.
final class WireClient implements AutoCloseable {
  final Socket socket;
  final DataInputStream in;
  final DataOutputStream out;
  int processId;
  byte[] key = {};

  private WireClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
    out = new DataOutputStream(new java.io.BufferedOutputStream(socket.getOutputStream()));
  }

  /// A connection on which nothing was sent.
  static WireClient raw(int port) {
    try {
      return new WireClient(port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A session, ready.
  static WireClient connect(int port) {
    WireClient client = raw(port);
    client.startup(3 << 16, "user", "test", "database", "test");
    List<String> replies = client.untilReady();
    if (!replies.getLast().equals("Z I")) {
      throw new AssertionError(replies);
    }
    return client;
  }

  WireClient startup(int version, String... parameters) {
    Body body = new Body().int32(version);
    for (String p : parameters) {
      body.text(p);
    }
    body.int8(0);
    return bytes(body.startup());
  }

  WireClient bytes(byte... bytes) {
    try {
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  WireClient send(char type, Body body) {
    return bytes(body.message(type));
  }

  WireClient query(String sql) {
    return send('Q', new Body().text(sql));
  }

  WireClient parse(String name, String sql, int... oids) {
    Body body = new Body().text(name).text(sql).int16(oids.length);
    for (int oid : oids) {
      body.int32(oid);
    }
    return send('P', body);
  }

  /// Text parameters, null for NULL; result formats as given.
  WireClient bind(String portal, String statement, List<String> values, int... resultFormats) {
    Body body = new Body().text(portal).text(statement).int16(0).int16(values.size());
    for (String value : values) {
      if (value == null) {
        body.int32(-1);
      } else {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        body.int32(bytes.length).raw(bytes);
      }
    }
    body.int16(resultFormats.length);
    for (int f : resultFormats) {
      body.int16(f);
    }
    return send('B', body);
  }

  WireClient describe(char kind, String name) {
    return send('D', new Body().int8(kind).text(name));
  }

  WireClient execute(String portal, int maxRows) {
    return send('E', new Body().text(portal).int32(maxRows));
  }

  WireClient close(char kind, String name) {
    return send('C', new Body().int8(kind).text(name));
  }

  WireClient sync() {
    return send('S', new Body());
  }

  WireClient flush() {
    return send('H', new Body());
  }

  /// Messages up to and with ReadyForQuery.
  List<String> untilReady() {
    return until('Z');
  }

  List<String> until(char type) {
    List<String> replies = new ArrayList<>();
    String reply;
    do {
      reply = next();
      replies.add(reply);
    } while (reply.charAt(0) != type && !reply.equals("closed"));
    return replies;
  }

  /// The next `count` messages.
  List<String> next(int count) {
    List<String> replies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      replies.add(next());
    }
    return replies;
  }

  /// The next message; `closed` at the end.
  String next() {
    try {
      int type = in.read();
      if (type < 0) {
        return "closed";
      }
      byte[] body = new byte[in.readInt() - 4];
      in.readFully(body);
      return show((char) type, body);
    } catch (EOFException | SocketException e) {
      return "closed";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int nextByte() {
    try {
      return in.read();
    } catch (SocketException e) {
      return -1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String show(char type, byte[] body) throws IOException {
    DataInputStream fields = new DataInputStream(new java.io.ByteArrayInputStream(body));
    StringBuilder line = new StringBuilder().append(type);
    switch (type) {
      case 'S' -> line.append(' ').append(text(fields)).append('=').append(text(fields));
      case 'C' -> line.append(' ').append(text(fields));
      case 'Z' -> line.append(' ').append((char) fields.readByte());
      case 'K' -> {
        processId = fields.readInt();
        key = fields.readAllBytes();
        line.append(' ').append(key.length);
      }
      case 'E', 'N' -> {
        for (int field = fields.read(); field != 0; field = fields.read()) {
          String value = text(fields);
          if (field != 'V') {
            line.append(' ').append((char) field).append('=').append(value);
          }
        }
      }
      case 'T' -> {
        int count = fields.readShort();
        for (int i = 0; i < count; i++) {
          line.append(' ')
              .append(text(fields))
              .append('(')
              .append(fields.readInt())
              .append('.')
              .append(fields.readShort());
          line.append(' ')
              .append(fields.readInt())
              .append(' ')
              .append(fields.readShort())
              .append(' ')
              .append(fields.readInt());
          line.append(' ').append(fields.readShort()).append(')');
        }
      }
      case 't' -> {
        int count = fields.readShort();
        for (int i = 0; i < count; i++) {
          line.append(' ').append(fields.readInt());
        }
      }
      case 'D' -> {
        int count = fields.readShort();
        for (int i = 0; i < count; i++) {
          int length = fields.readInt();
          line.append(i == 0 ? " " : "|")
              .append(
                  length < 0 ? "~" : new String(fields.readNBytes(length), StandardCharsets.UTF_8));
        }
      }
      case 'G', 'H' ->
          line.append(' ').append(fields.readByte()).append(' ').append(fields.readShort());
      case 'd' -> line.append(' ').append(new String(body, StandardCharsets.UTF_8).strip());
      case 'R' -> line.append(' ').append(fields.readInt());
      case 'v' -> {
        line.append(' ').append(Integer.toHexString(fields.readInt()));
        int count = fields.readInt();
        for (int i = 0; i < count; i++) {
          line.append(' ').append(text(fields));
        }
      }
      case '1', '2', '3', 'n', 's', 'I', 'c' -> {}
      default -> throw new AssertionError("message type " + type);
    }
    return line.toString();
  }

  private static String text(DataInputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int b = in.read(); b > 0; b = in.read()) {
      bytes.write(b);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The fields of a message being made.
  static final class Body {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Body int8(int value) {
      bytes.write(value);
      return this;
    }

    Body int16(int value) {
      return int8(value >> 8).int8(value);
    }

    Body int32(int value) {
      return int16(value >> 16).int16(value);
    }

    Body text(String value) {
      return raw(value.getBytes(StandardCharsets.UTF_8)).int8(0);
    }

    Body raw(byte... value) {
      bytes.writeBytes(value);
      return this;
    }

    byte[] startup() {
      return new Body().int32(bytes.size() + 4).raw(bytes.toByteArray()).bytes.toByteArray();
    }

    byte[] message(char type) {
      return new Body().int8(type).raw(startup()).bytes.toByteArray();
    }
  }
}
