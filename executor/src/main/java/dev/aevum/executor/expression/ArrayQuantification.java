package dev.aevum.executor.expression;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Gather;
import dev.aevum.executor.kernel.Kernel;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.codec.ArrayBytes;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// `left op ANY (array)` and ALL: elements of all rows become one long column, compared in one go
/// with the left values repeated.
final class ArrayQuantification implements Kernel {
  private final Kernel comparison;
  private final SqlType element;
  private final boolean all;

  ArrayQuantification(Kernel comparison, SqlType element, boolean all) {
    this.comparison = comparison;
    this.element = element;
    this.all = all;
  }

  @Override
  public Column evaluate(EvaluationContext context, Column[] arguments, Selection rows) {
    Column arrays = arguments[1];
    int count = rows.size();
    int[] ends = new int[count];
    int[] owners = new int[count];
    int total = 0;
    try (ColumnWriter writer = new ColumnWriter(context.allocator(), element, count)) {
      for (int i = 0; i < count; i++) {
        int elements = arrays.isNull(i) ? 0 : appendElements(arrays, i, writer);
        if (total + elements > owners.length) {
          owners = Arrays.copyOf(owners, Math.max(total + elements, 2 * owners.length));
        }
        Arrays.fill(owners, total, total + elements, i);
        total += elements;
        ends[i] = total;
      }
      try (Column values = writer.finish();
          Column left = Gather.gather(context.allocator(), arguments[0], owners, total);
          Column outcomes =
              comparison.evaluate(
                  context, new Column[] {left, values}, rows.narrow(owners, total))) {
        return reduce(context, outcomes, ends, arrays, count);
      }
    }
  }

  private int appendElements(Column arrays, int row, ColumnWriter writer) {
    MemorySegment segment = arrays.segmentAt(row);
    long offset = arrays.offsetAt(row);
    int elements = ArrayBytes.count(segment, offset);
    for (int e = 0; e < elements; e++) {
      ArrayBytes.appendElement(segment, offset, element, e, writer);
    }
    return elements;
  }

  /// ANY: TRUE if some is TRUE, else NULL if some is NULL; ALL the other way round. A NULL array
  /// gives NULL.
  private Column reduce(
      EvaluationContext context, Column outcomes, int[] ends, Column arrays, int count) {
    try (FixedColumn out = new FixedColumn(context.allocator(), SimpleType.BOOLEAN, count)) {
      out.data().fill((byte) 0);
      int from = 0;
      for (int i = 0; i < count; i++) {
        boolean decided = false;
        boolean sawNull = arrays.isNull(i);
        for (int e = from; e < ends[i] && !decided; e++) {
          boolean isNull = outcomes.isNull(e);
          decided = !isNull && outcomes.booleanAt(e) != all;
          sawNull |= isNull;
        }
        from = ends[i];
        if (decided != all) {
          Memory.setBit(out.data(), i);
        }
        if (!decided && sawNull) {
          Memory.clearBit(out.validity(), i);
        }
      }
      return out.finish();
    }
  }
}
