package dev.aevum.executor.aggregate;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.sketch.Sketch;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/// A sketch that cannot take values back, over rows that change: the rows are kept, each value with
/// its count, and folded anew for every result.
public record RebuiltSketch(SketchAggregate sketch, int arguments) implements MultisetAggregate {
  /// Of a sketch of bounded counts the exact form.
  public static RebuiltSketch of(SketchAggregate sketch, int arguments) {
    return new RebuiltSketch(sketch instanceof TopSketch t ? t.exact() : sketch, arguments);
  }

  @Override
  public SqlType resultType() {
    return sketch.resultType();
  }

  @Override
  public int[] order() {
    return IntStream.range(0, arguments).toArray();
  }

  @Override
  public Column evaluate(
      EvaluationContext context,
      Column[] columns,
      int[] rows,
      long @Nullable [] weights,
      int[] starts,
      int groups) {
    Sketch[] sketches = new Sketch[groups];
    Arrays.setAll(sketches, g -> sketch.create());
    int[] places = new int[starts[groups]];
    for (int g = 0; g < groups; g++) {
      Arrays.fill(places, starts[g], starts[g + 1], g);
    }
    Selection all = Selection.of(rows, starts[groups]);
    if (weights == null) {
      sketch.add(sketches, places, columns, all, null);
      return sketch.emit(context, sketches, groups);
    }
    int most = Arrays.stream(rows, 0, starts[groups]).max().orElse(-1) + 1;
    try (ArrowBuf buffer = context.allocator().buffer(Math.max(8L, 8L * most))) {
      MemorySegment byRow = Memory.segment(buffer);
      for (int i = 0; i < starts[groups]; i++) {
        byRow.set(LONG, (long) rows[i] << 3, weights[i]);
      }
      sketch.add(sketches, places, columns, all, byRow);
    }
    return sketch.emit(context, sketches, groups);
  }
}
