package dev.aevum.executor.expression;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.model.batch.Memory.SHORT;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/// The same value in every row.
final class ConstantExpression implements VectorExpression {
  private final SqlType type;

  /// Null: SQL NULL.
  private final @Nullable Constants value;

  ConstantExpression(SqlType type, @Nullable Constants value) {
    this.type = type;
    this.value = value;
  }

  @Override
  public Column evaluate(EvaluationContext context, DeltaBatch batch, Selection rows) {
    int count = rows.size();
    try (FixedColumn out = new FixedColumn(context.allocator(), type, count)) {
      if (value == null) {
        out.data().fill((byte) 0);
        out.validity().fill((byte) 0);
        return out.finish();
      }
      MemorySegment data = out.data();
      switch (type.physical()) {
        case BOOL -> data.fill((byte) (value.low() != 0 ? -1 : 0));
        case INT16 -> {
          for (int i = 0; i < count; i++) {
            data.set(SHORT, (long) i << 1, (short) value.low());
          }
        }
        case INT32, FLOAT32 -> {
          for (int i = 0; i < count; i++) {
            data.set(INT, (long) i << 2, (int) value.low());
          }
        }
        case INT64, FLOAT64 -> {
          for (int i = 0; i < count; i++) {
            data.set(LONG, (long) i << 3, value.low());
          }
        }
        case INT128, FIXED16 -> fill16(data, count, value.low(), value.high());
        case VARLEN ->
            fillViews(context, out, count, java.util.Objects.requireNonNull(value.bytes()));
      }
      return out.finish();
    }
  }

  private static void fill16(MemorySegment data, int count, long low, long high) {
    for (int i = 0; i < count; i++) {
      data.set(LONG, (long) i << 4, low);
      data.set(LONG, ((long) i << 4) + 8, high);
    }
  }

  private static void fillViews(
      EvaluationContext context, FixedColumn out, int count, byte[] bytes) {
    byte[] view = new byte[16];
    MemorySegment template = MemorySegment.ofArray(view);
    template.set(INT, 0, bytes.length);
    MemorySegment source = MemorySegment.ofArray(bytes);
    if (bytes.length <= 12) {
      MemorySegment.copy(source, 0, template, 4, bytes.length);
    } else {
      ArrowBuf buffer = context.allocator().buffer(bytes.length);
      int index = out.addLongBuffer(buffer);
      MemorySegment.copy(source, 0, Memory.segment(buffer), 0, bytes.length);
      MemorySegment.copy(source, 0, template, 4, 4);
      template.set(INT, 8, index);
    }
    fill16(out.data(), count, template.get(LONG, 0), template.get(LONG, 8));
  }
}
