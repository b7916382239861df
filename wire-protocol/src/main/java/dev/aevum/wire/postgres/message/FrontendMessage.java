package dev.aevum.wire.postgres.message;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.wire.postgres.message.Inbound.Frame;
import java.util.ArrayList;
import java.util.List;

/// A client's message after start-up.
public sealed interface FrontendMessage {
  record Query(String sql) implements FrontendMessage {}

  /// `parameterTypes`: OIDs of the first parameters; 0 leaves one to be inferred.
  record Parse(String statement, String sql, List<Integer> parameterTypes)
      implements FrontendMessage {}

  /// Parameter i is `lengths[i]` bytes of `body` from `offsets[i]`; length -1 is NULL. Formats:
  /// none (all text), one for all, or one each.
  @SuppressWarnings("ArrayRecordComponent") // messages are handed on, never compared
  record Bind(
      String portal,
      String statement,
      short[] formats,
      byte[] body,
      int[] offsets,
      int[] lengths,
      short[] resultFormats)
      implements FrontendMessage {
    public int parameterCount() {
      return offsets.length;
    }
  }

  record DescribeStatement(String name) implements FrontendMessage {}

  record DescribePortal(String name) implements FrontendMessage {}

  /// `maxRows` 0 or less: all.
  record Execute(String portal, int maxRows) implements FrontendMessage {}

  record CloseStatement(String name) implements FrontendMessage {}

  record ClosePortal(String name) implements FrontendMessage {}

  record Sync() implements FrontendMessage {}

  record Flush() implements FrontendMessage {}

  record Terminate() implements FrontendMessage {}

  @SuppressWarnings("ArrayRecordComponent") // messages are handed on, never compared
  record CopyData(byte[] bytes) implements FrontendMessage {}

  record CopyDone() implements FrontendMessage {}

  record CopyFail(String reason) implements FrontendMessage {}

  /// The old function call protocol; its fields are not read.
  record FunctionCall() implements FrontendMessage {}

  /// Errors: 08P01 for malformed fields, 22021 for text that is not UTF-8.
  static FrontendMessage decode(Frame frame) {
    FieldReader in = new FieldReader(frame.body());
    FrontendMessage message =
        switch (frame.type()) {
          case 'Q' -> new Query(in.readText());
          case 'P' -> parse(in);
          case 'B' -> bind(in, frame.body());
          case 'D' ->
              target(in, "DESCRIBE")
                  ? new DescribeStatement(in.readText())
                  : new DescribePortal(in.readText());
          case 'E' -> new Execute(in.readText(), in.readInt());
          case 'C' ->
              target(in, "CLOSE")
                  ? new CloseStatement(in.readText())
                  : new ClosePortal(in.readText());
          case 'S' -> new Sync();
          case 'H' -> new Flush();
          case 'X' -> new Terminate();
          case 'd' -> {
            in.skip(frame.body().length);
            yield new CopyData(frame.body());
          }
          case 'c' -> new CopyDone();
          case 'f' -> new CopyFail(in.readText());
          case 'F' -> {
            in.skip(frame.body().length);
            yield new FunctionCall();
          }
          default ->
              throw new IllegalStateException(
                  "the decoder let message type " + frame.type() + " pass");
        };
    in.end();
    return message;
  }

  /// True for a statement, false for a portal.
  private static boolean target(FieldReader in, String message) {
    byte kind = in.readByte();
    if (kind != 'S' && kind != 'P') {
      throw new SqlException(
          ErrorCode.PROTOCOL_VIOLATION, "invalid " + message + " message subtype " + (kind & 0xff));
    }
    return kind == 'S';
  }

  private static Parse parse(FieldReader in) {
    String name = in.readText();
    String sql = in.readText();
    int count = in.readCount(4);
    List<Integer> types = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      types.add(in.readInt());
    }
    return new Parse(name, sql, List.copyOf(types));
  }

  private static Bind bind(FieldReader in, byte[] body) {
    String portal = in.readText();
    String statement = in.readText();
    short[] formats = formats(in);
    int count = in.readCount(4);
    int[] offsets = new int[count];
    int[] lengths = new int[count];
    for (int i = 0; i < count; i++) {
      int length = in.readInt();
      offsets[i] = in.position();
      lengths[i] = length;
      if (length != -1) {
        in.skip(length);
      }
    }
    return new Bind(portal, statement, formats, body, offsets, lengths, formats(in));
  }

  private static short[] formats(FieldReader in) {
    short[] formats = new short[in.readCount(2)];
    for (int i = 0; i < formats.length; i++) {
      formats[i] = in.readShort();
    }
    return formats;
  }
}
