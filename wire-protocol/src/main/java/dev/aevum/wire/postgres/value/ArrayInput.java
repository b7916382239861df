package dev.aevum.wire.postgres.value;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ArrayBytes;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SqlType;
import java.nio.ByteBuffer;
import org.apache.arrow.memory.BufferAllocator;

/// Reads PostgreSQL's binary arrays: dimensions, whether there are NULLs, element type, then per
/// dimension count and lower bound, then the elements.
final class ArrayInput {
  private ArrayInput() {}

  /// Errors: 0A000 for more than one dimension, 42804 for elements of another type, 22P03 for
  /// malformed bytes.
  static void parse(
      SqlType element,
      byte[] bytes,
      int offset,
      int length,
      BufferAllocator allocator,
      ColumnWriter out) {
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
    int dimensions = header(in, element);
    int count = dimensions == 0 ? 0 : count(in);
    ArrayBytes.Builder builder = new ArrayBytes.Builder(element);
    builder.start();
    try (ColumnWriter elements = new ColumnWriter(allocator, element, count)) {
      for (int i = 0; i < count; i++) {
        element(in, bytes, allocator, elements);
      }
      try (Column column = elements.finish()) {
        for (int i = 0; i < count; i++) {
          builder.append(column, i);
        }
      }
    }
    if (in.hasRemaining()) {
      throw BinaryInput.malformed("an array has bytes after its last element");
    }
    byte[] array = builder.finish();
    out.appendBytes(array, 0, array.length);
  }

  private static int header(ByteBuffer in, SqlType element) {
    need(in, 12);
    int dimensions = in.getInt();
    int flags = in.getInt();
    int oid = in.getInt();
    if (dimensions > 1) {
      throw new SqlException(
          ErrorCode.FEATURE_NOT_SUPPORTED, "arrays of more than one dimension are not supported");
    }
    if (dimensions < 0 || (flags != 0 && flags != 1)) {
      throw BinaryInput.malformed("an array has a header that is none");
    }
    if (oid != element.oid()) {
      throw new SqlException(
          ErrorCode.DATATYPE_MISMATCH,
          "binary data has array element type "
              + oid
              + " instead of expected "
              + element.oid()
              + " ("
              + element.displayName()
              + ")");
    }
    return dimensions;
  }

  private static int count(ByteBuffer in) {
    need(in, 8);
    int count = in.getInt();
    in.getInt();
    if (count < 0 || count > in.remaining() / 4) {
      throw BinaryInput.malformed(
          "an array of " + count + " elements has not " + in.remaining() + " bytes");
    }
    return count;
  }

  private static void element(
      ByteBuffer in, byte[] bytes, BufferAllocator allocator, ColumnWriter elements) {
    need(in, 4);
    int length = in.getInt();
    if (length == -1) {
      elements.appendNull();
      return;
    }
    if (length < 0) {
      throw BinaryInput.malformed("an element of " + length + " bytes");
    }
    need(in, length);
    BinaryInput.parse(bytes, in.position(), length, allocator, elements);
    in.position(in.position() + length);
  }

  private static void need(ByteBuffer in, int count) {
    if (in.remaining() < count) {
      throw BinaryInput.malformed("insufficient data left in an array");
    }
  }
}
