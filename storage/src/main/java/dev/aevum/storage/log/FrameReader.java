package dev.aevum.storage.log;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/// Reads what [FrameWriter] wrote. Immutable.
///
/// Errors: XX001 for other bytes or versions.
final class FrameReader {
  private FrameReader() {}

  static long step(byte[] bytes, int offset) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(offset + 1);
  }

  static long previousStep(byte[] bytes, int offset) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(offset + 9);
  }

  static StepFrame read(byte[] bytes, int offset, int length) {
    try {
      ByteBuffer header = ByteBuffer.wrap(bytes, offset, length).order(ByteOrder.LITTLE_ENDIAN);
      int version = header.get();
      if (version != FrameWriter.VERSION && version != FrameWriter.ONE_BLOCK) {
        throw corrupt("format " + version, null);
      }
      long step = header.getLong();
      header.getLong();
      int lane = header.getInt();
      if (lane != 0) {
        throw corrupt("lane " + lane, null);
      }
      byte[] body = new byte[header.getInt()];
      LZ4SafeDecompressor blocks = LZ4Factory.fastestInstance().safeDecompressor();
      if (version == FrameWriter.ONE_BLOCK) {
        blocks.decompress(bytes, header.position(), header.remaining(), body, 0);
      } else {
        for (int at = 0; at < body.length; at += FrameWriter.BLOCK) {
          int size = header.getInt();
          if (size > header.remaining()) {
            throw new BufferUnderflowException();
          }
          blocks.decompress(
              bytes,
              header.position(),
              size,
              body,
              at,
              Math.min(FrameWriter.BLOCK, body.length - at));
          header.position(header.position() + size);
        }
      }
      return body(step, ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN));
    } catch (BufferUnderflowException
        | LZ4Exception
        | NegativeArraySizeException
        | IllegalArgumentException
        | IndexOutOfBoundsException e) {
      throw corrupt("bytes of another form", e);
    }
  }

  private static SqlException corrupt(
      String what, @org.jspecify.annotations.Nullable Throwable cause) {
    return new SqlException(
        ErrorCode.DATA_CORRUPTED, "step frame has " + what, null, null, null, cause);
  }

  private static StepFrame body(long step, ByteBuffer in) {
    StepFrame.Manifest manifest = ManifestBytes.read(in);
    return new StepFrame(step, manifest, List.of(bytes(in)), bytes(in));
  }

  static long varint(ByteBuffer in) {
    long value = 0;
    int shift = 0;
    byte b;
    do {
      b = in.get();
      value |= (b & 0x7fL) << shift;
      shift += 7;
    } while (b < 0);
    return value;
  }

  static byte[] bytes(ByteBuffer in) {
    long length = varint(in);
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[(int) length];
    in.get(bytes);
    return bytes;
  }
}
