package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.sketch.MergedSketch;
import dev.aevum.executor.sketch.Sketch;
import dev.aevum.executor.sketch.Sketches;
import dev.aevum.model.batch.Column;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// `merge(sketch)`: the sketch of all rows behind the sketches; NULL without any. Sketches that do
/// not fit together make the group an error. Not linear, as not all kinds are: over rows that
/// change the sketches are kept.
public final class MergeSketch implements SketchAggregate {
  @Override
  public SqlType resultType() {
    return SimpleType.SKETCH;
  }

  @Override
  public boolean isLinear() {
    return false;
  }

  @Override
  public Sketch create() {
    return new MergedSketch();
  }

  @Override
  public void add(
      Sketch[] groups,
      int[] places,
      Column[] arguments,
      Selection rows,
      @Nullable MemorySegment weights) {
    Column values = arguments[0];
    for (int k = 0; k < rows.size(); k++) {
      int row = rows.row(k);
      if (values.isNull(row)) {
        continue;
      }
      MergedSketch group = MergedSketch.of(groups[places[k]]);
      groups[places[k]] = group;
      long weight = LinearLoop.weight(weights, row, 1);
      for (long i = 0; i < weight; i++) {
        group.add(values.segmentAt(row), values.offsetAt(row), values.lengthAt(row));
      }
    }
  }

  @Override
  public Column emit(EvaluationContext context, Sketch[] groups, int count) {
    Sketch[] merged = new Sketch[count];
    for (int g = 0; g < count; g++) {
      merged[g] = MergedSketch.of(groups[g]);
    }
    return SketchResults.column(
        context,
        SimpleType.SKETCH,
        merged,
        count,
        (sketch, out) -> {
          Sketch inner = ((MergedSketch) sketch).result();
          if (inner == null) {
            out.appendNull();
          } else {
            byte[] bytes = Sketches.encode(inner);
            out.appendBytes(bytes, 0, bytes.length);
          }
        });
  }
}
