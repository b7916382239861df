package dev.aevum.executor.learning;

import dev.aevum.model.codec.ByteSink;
import java.util.EnumMap;
import java.util.Map;

/// Figures over a number of rows; NaN where there is none.
public final class Metrics {
  /// A figure and that of the trivial predictor.
  public record Figure(double value, double trivial) {}

  private final long rows;
  private final Map<Metric, Figure> figures = new EnumMap<>(Metric.class);

  Metrics(long rows) {
    this.rows = rows;
  }

  public long rows() {
    return rows;
  }

  /// In order of [Metric].
  public Map<Metric, Figure> figures() {
    return figures;
  }

  Metrics with(Metric metric, double value, double trivial) {
    figures.put(metric, new Figure(value, trivial));
    return this;
  }

  /// Metrics by their place: new ones go to the end.
  @SuppressWarnings("EnumOrdinal")
  void encode(ByteSink out) {
    out.appendLong(rows);
    out.appendInt(figures.size());
    figures.forEach((metric, figure) -> {
      out.appendByte(metric.ordinal());
      StateBytes.append(out, figure.value);
      StateBytes.append(out, figure.trivial);
    });
  }

  @SuppressWarnings("EnumOrdinal")
  static Metrics decode(StateReader in) {
    Metrics read = new Metrics(in.readLong());
    int count = in.readCount(17);
    for (int i = 0; i < count; i++) {
      Metric metric = Metric.values()[in.readByte()];
      read.figures.put(metric, new Figure(in.readDouble(), in.readDouble()));
    }
    return read;
  }
}
