package dev.aevum.storage.log;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.storage.contents.Run;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The contents section of a frame: per relation its consolidated changes.
///
/// Format 1, a list of: `0 relation` (byte, varint): its contents are gone, before any change of
/// this section; `1 relation run` (byte, varint, [Run#writeTo]).
public final class FrameContents {
  private static final int DROP = 0;
  private static final int CHANGES = 1;

  private FrameContents() {}

  /// Takes the changes of a section in order.
  public interface Visitor {
    void drop(int relation);

    void changes(int relation, Run run);
  }

  public static void drop(ByteSink out, int relation) {
    out.appendByte(DROP);
    out.appendVarint(Integer.toUnsignedLong(relation));
  }

  /// How many bytes [#changes] writes.
  public static int changesBytes(int relation, Run run) {
    return 1 + ByteSink.varintBytes(Integer.toUnsignedLong(relation)) + run.writtenBytes();
  }

  public static void changes(ByteSink out, int relation, Run run) {
    out.appendByte(CHANGES);
    out.appendVarint(Integer.toUnsignedLong(relation));
    run.writeTo(out);
  }

  /// Errors: XX001 for bytes of another form.
  public static void read(byte[] section, Visitor visitor) {
    ByteBuffer in = ByteBuffer.wrap(section).order(ByteOrder.LITTLE_ENDIAN);
    int[] after = new int[1];
    try {
      while (in.hasRemaining()) {
        int kind = in.get();
        int relation = (int) FrameReader.varint(in);
        if (kind == DROP) {
          visitor.drop(relation);
        } else if (kind == CHANGES) {
          Run run = Run.readFrom(section, in.position(), after);
          in.position(after[0]);
          visitor.changes(relation, run);
        } else {
          throw new SqlException(
              ErrorCode.DATA_CORRUPTED, "contents section has unknown kind " + kind);
        }
      }
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new SqlException(
          ErrorCode.DATA_CORRUPTED, "contents section ends early", null, null, null, e);
    }
  }
}
