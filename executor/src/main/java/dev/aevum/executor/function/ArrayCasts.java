package dev.aevum.executor.function;

import dev.aevum.executor.kernel.Kernel;
import dev.aevum.executor.kernel.Nulls;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ArrayBytes;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Casts between arrays: the elements of all rows as one column, cast in one go, and put together
/// again.
final class ArrayCasts {
  private ArrayCasts() {}

  static Kernel kernel(SqlType from, SqlType to, boolean explicit) {
    SqlType fromElement = ArrayBytes.elementType(from);
    SqlType toElement = ArrayBytes.elementType(to);
    if (fromElement.equals(toElement)) {
      return (context, arguments, rows) -> arguments[0].as(to);
    }
    Kernel elements = Casts.kernel(fromElement, toElement, explicit);
    return (context, arguments, rows) -> {
      Column arrays = arguments[0];
      int[] ends = new int[rows.size()];
      try (ColumnWriter writer = new ColumnWriter(context.allocator(), fromElement, rows.size())) {
        for (int i = 0; i < ends.length; i++) {
          if (!arrays.isNull(i)) {
            explode(arrays, i, fromElement, writer);
          }
          ends[i] = writer.rows();
        }
        int[] owners = owners(ends);
        try (Column flat = writer.finish();
            Column cast =
                elements.evaluate(
                    context, new Column[] {flat}, rows.narrow(owners, owners.length));
            ColumnWriter out = new ColumnWriter(context.allocator(), to, rows.size())) {
          assemble(arrays, cast, ends, toElement, out);
          return out.finish();
        }
      }
    };
  }

  static void explode(Column arrays, int row, SqlType element, ColumnWriter writer) {
    MemorySegment segment = arrays.segmentAt(row);
    long offset = arrays.offsetAt(row);
    int count = ArrayBytes.count(segment, offset);
    for (int e = 0; e < count; e++) {
      ArrayBytes.appendElement(segment, offset, element, e, writer);
    }
  }

  private static int[] owners(int[] ends) {
    int[] owners = new int[ends.length == 0 ? 0 : ends[ends.length - 1]];
    for (int i = 0; i < ends.length; i++) {
      Arrays.fill(owners, i == 0 ? 0 : ends[i - 1], ends[i], i);
    }
    return owners;
  }

  private static void assemble(
      Column arrays, Column elements, int[] ends, SqlType element, ColumnWriter out) {
    ArrayBytes.Builder builder = new ArrayBytes.Builder(element);
    ByteSink sink = new ByteSink();
    Column[] only = {arrays};
    int at = 0;
    for (int i = 0; i < ends.length; i++) {
      if (Nulls.at(only, i)) {
        out.appendNull();
        continue;
      }
      builder.start();
      for (; at < ends[i]; at++) {
        builder.append(elements, at);
      }
      sink.reset();
      builder.finish(sink);
      out.appendBytes(sink.array(), 0, sink.position());
    }
  }
}
