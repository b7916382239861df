package dev.aevum.executor.learning;

import static dev.aevum.model.batch.Memory.DOUBLE;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.planner.plan.ModelSpec;
import java.lang.foreign.MemorySegment;

/// Reads features out of a batch: numbers are double precision columns, categories text.
public final class ModelInput {
  private final Features features;
  private final int[] columns;

  /// @param columns where each feature is
  public ModelInput(ModelSpec spec, int[] columns) {
    this.columns = columns.clone();
    boolean[] numeric = numeric(spec);
    this.features = new Features(numeric);
  }

  static boolean[] numeric(ModelSpec spec) {
    boolean[] numeric = new boolean[spec.features().size()];
    for (int i = 0; i < numeric.length; i++) {
      numeric[i] = ModelSpec.isNumber(spec.features().get(i).type());
    }
    return numeric;
  }

  /// A class's text, asked for when the class is new.
  @FunctionalInterface
  public interface Name {
    byte[] bytes();
  }

  /// The row's features, until the next call.
  public Features read(DeltaBatch batch, int row) {
    for (int i = 0; i < columns.length; i++) {
      Column column = batch.column(columns[i]);
      boolean absent = column.isNull(row);
      if (features.isNumber(i)) {
        double x = absent ? Double.NaN : column.data().get(DOUBLE, (long) row << 3);
        features.number(i, x);
      } else {
        features.categories[i] = absent ? Features.MISSING : hash(column, row);
      }
    }
    return features;
  }

  /// The hash of a text column's value, never [Features#MISSING].
  public static long hash(Column text, int row) {
    if (text.physical() != PhysicalType.VARLEN) {
      throw new IllegalArgumentException("a category of type " + text.type().displayName());
    }
    return unlikeMissing(
        KeyCodec.hash(text.segmentAt(row), text.offsetAt(row), text.lengthAt(row)));
  }

  static long hash(byte[] text) {
    return unlikeMissing(KeyCodec.hash(MemorySegment.ofArray(text), 0, text.length));
  }

  private static long unlikeMissing(long hash) {
    return hash == Features.MISSING ? 1 : hash;
  }
}
