package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.sketch.CountMin;
import dev.aevum.executor.sketch.Sketch;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.text.JavaValues;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// `approx_count` and `count_sketch`.
public final class CountSketch implements SketchAggregate {
  private final SqlType argument;
  private final ValueHashes hashes;
  private final @Nullable Object wanted;

  /// `wanted`: the result is how often that constant occurs; null: the sketch.
  public CountSketch(SqlType argument, @Nullable Object wanted) {
    this.argument = argument;
    this.hashes = new ValueHashes(argument);
    this.wanted = wanted;
  }

  @Override
  public SqlType resultType() {
    return wanted != null ? SimpleType.BIGINT : SimpleType.SKETCH;
  }

  @Override
  public boolean isLinear() {
    return true;
  }

  @Override
  public Sketch create() {
    return new CountMin();
  }

  @Override
  public void add(
      Sketch[] groups,
      int[] places,
      Column[] arguments,
      Selection rows,
      @Nullable MemorySegment weights) {
    Column values = arguments[0];
    long[] hash = hashes.of(values, rows);
    for (int k = 0; k < rows.size(); k++) {
      int row = rows.row(k);
      if (!values.isNull(row)) {
        ((CountMin) groups[places[k]]).add(hash[k], LinearLoop.weight(weights, row, 1));
      }
    }
  }

  @Override
  public Column emit(EvaluationContext context, Sketch[] groups, int count) {
    if (wanted == null) {
      return SketchResults.bytes(context, groups, count);
    }
    long hash = hash(context, wanted);
    return SketchResults.column(
        context,
        SimpleType.BIGINT,
        groups,
        count,
        (sketch, out) -> out.appendLong(((CountMin) sketch).estimate(hash)));
  }

  /// Of a constant, which is of the argument's type but for the kind of number.
  private long hash(EvaluationContext context, Object constant) {
    try (ColumnWriter out = new ColumnWriter(context.allocator(), argument, 1)) {
      if (constant instanceof Number && isNumber(argument) || constant instanceof String) {
        PgText.parse(constant.toString(), TextStyle.DEFAULT, out);
      } else {
        JavaValues.append(constant, out);
      }
      try (Column one = out.finish()) {
        return hashes.of(one, Selection.all(1))[0];
      }
    }
  }

  private static boolean isNumber(SqlType type) {
    return type instanceof DecimalType
        || type == SimpleType.NUMERIC
        || type == SimpleType.REAL
        || type == SimpleType.DOUBLE;
  }
}
