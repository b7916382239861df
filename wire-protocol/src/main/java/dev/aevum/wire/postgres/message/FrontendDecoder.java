package dev.aevum.wire.postgres.message;

import dev.aevum.wire.postgres.message.Inbound.Broken;
import dev.aevum.wire.postgres.message.Inbound.CancelRequest;
import dev.aevum.wire.postgres.message.Inbound.EncryptionRequest;
import dev.aevum.wire.postgres.message.Inbound.Frame;
import dev.aevum.wire.postgres.message.Inbound.Startup;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.function.Consumer;

/// Cuts the bytes of one connection into [Inbound]s. Every length is checked before anything is
/// allocated for it, and memory grows only with bytes that really came, so a length field alone
/// costs nothing. Keeps no reference to a buffer. One thread at a time.
public final class FrontendDecoder {
  public static final int MAX_STARTUP_BYTES = 10_000;

  /// Bound of messages that are small by nature; also PostgreSQL's.
  public static final int MAX_SMALL_BYTES = 10_000;

  private static final int FIRST_ALLOCATION = 8192;
  private static final int CANCEL_CODE = 80877102;
  private static final int SSL_CODE = 80877103;
  private static final int GSS_CODE = 80877104;
  private static final byte[] NONE = new byte[0];

  private final int maxMessageBytes;
  private final byte[] header = new byte[5];
  private int headerFilled;
  private byte[] body = NONE;
  private int bodyFilled;
  private int bodyLength = -1;
  private boolean startup = true;
  private boolean sslAsked;
  private boolean gssAsked;
  private boolean broken;

  public FrontendDecoder(int maxMessageBytes) {
    this.maxMessageBytes = maxMessageBytes;
  }

  /// Reads all of `in` and hands on what is complete.
  public void feed(ByteBuf in, Consumer<Inbound> out) {
    while (in.isReadable() && !broken) {
      int headerLength = startup ? 4 : 5;
      if (bodyLength < 0) {
        int count = Math.min(headerLength - headerFilled, in.readableBytes());
        in.readBytes(header, headerFilled, count);
        headerFilled += count;
        if (headerFilled < headerLength) {
          return;
        }
        if (!beginBody(out)) {
          break;
        }
      }
      readBody(in);
      if (bodyFilled == bodyLength) {
        endBody(in, out);
      }
    }
    if (broken) {
      in.skipBytes(in.readableBytes());
    }
  }

  private boolean beginBody(Consumer<Inbound> out) {
    int at = startup ? 0 : 1;
    int length = BigEndian.intAt(header, at);
    if (startup) {
      if (length < 8 || length > MAX_STARTUP_BYTES) {
        fail(out, "invalid length of startup packet", true);
        return false;
      }
    } else {
      int bound = bound(header[0]);
      if (bound < 0) {
        fail(out, "invalid frontend message type " + (header[0] & 0xff), false);
        return false;
      }
      if (length < 4 || length - 4 > bound) {
        fail(out, "invalid message length", false);
        return false;
      }
    }
    bodyLength = length - 4;
    bodyFilled = 0;
    body = bodyLength == 0 ? NONE : new byte[Math.min(bodyLength, FIRST_ALLOCATION)];
    return true;
  }

  /// The most bytes a message of that type may have; -1: there is no such message.
  private int bound(byte type) {
    return switch (type) {
      case 'Q', 'P', 'B', 'F', 'd' -> maxMessageBytes;
      case 'D', 'E', 'C', 'S', 'H', 'X', 'c', 'f' -> Math.min(MAX_SMALL_BYTES, maxMessageBytes);
      default -> -1;
    };
  }

  private void readBody(ByteBuf in) {
    while (bodyFilled < bodyLength && in.isReadable()) {
      if (bodyFilled == body.length) {
        body =
            Arrays.copyOf(
                body,
                (int)
                    Math.min(
                        bodyLength,
                        Math.max(body.length * 2L, bodyFilled + (long) in.readableBytes())));
      }
      int count = Math.min(body.length - bodyFilled, in.readableBytes());
      in.readBytes(body, bodyFilled, count);
      bodyFilled += count;
    }
  }

  private void endBody(ByteBuf in, Consumer<Inbound> out) {
    byte[] complete = body;
    body = NONE;
    bodyLength = -1;
    headerFilled = 0;
    if (startup) {
      startupPacket(complete, in.isReadable(), out);
    } else {
      out.accept(new Frame(header[0], complete));
    }
  }

  private void startupPacket(byte[] packet, boolean more, Consumer<Inbound> out) {
    int code = BigEndian.intAt(packet, 0);
    switch (code) {
      case CANCEL_CODE -> {
        if (packet.length < 12 || packet.length > 8 + 256) {
          fail(out, "invalid length of cancel request", true);
        } else {
          int processId = BigEndian.intAt(packet, 4);
          broken = true;
          out.accept(new CancelRequest(processId, Arrays.copyOfRange(packet, 8, packet.length)));
        }
      }
      case SSL_CODE, GSS_CODE -> {
        boolean gss = code == GSS_CODE;
        if (packet.length != 4 || (gss ? gssAsked : sslAsked)) {
          fail(
              out,
              "invalid startup packet layout: repeated or malformed encryption request",
              false);
        } else if (more) {
          // What follows in the clear was not written by who asked for encryption.
          fail(
              out,
              "received unencrypted data after " + (gss ? "GSSAPI encryption" : "SSL") + " request",
              false);
        } else {
          gssAsked |= gss;
          sslAsked |= !gss;
          out.accept(new EncryptionRequest(gss));
        }
      }
      default -> {
        startup = false;
        out.accept(new Startup(code, Arrays.copyOfRange(packet, 4, packet.length)));
      }
    }
  }

  private void fail(Consumer<Inbound> out, String message, boolean silent) {
    broken = true;
    out.accept(new Broken(message, silent));
  }
}
