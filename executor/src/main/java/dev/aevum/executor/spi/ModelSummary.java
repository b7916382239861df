package dev.aevum.executor.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a model tells of itself.
///
/// @param skipped rows that were passed over
/// @param retracted rows that were taken back after they were learned
/// @param lastMicros event time of the last row learned, null where rows have none
public record ModelSummary(
    long learned,
    long skipped,
    long retracted,
    @Nullable Long lastMicros,
    List<ModelFigure> figures) {
  public ModelSummary {
    figures = List.copyOf(figures);
  }

  /// A figure over the rows of a scope, beside that of the trivial predictor; null where there is
  /// none.
  public record ModelFigure(
      String scope, long rows, String metric, @Nullable Double value, @Nullable Double trivial) {}
}
