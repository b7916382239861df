package dev.aevum.cli.bench;

import dev.aevum.cli.bench.NabScorer.Series;
import dev.aevum.engine.runtime.DatabaseConfig;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/// A series, the range that a detector expected and its alerts, read from a view, as a drawing
/// (SVG).
final class NabPicture {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 320;
  private static final int LEFT = 60;
  private static final int RIGHT = 15;
  private static final int TOP = 40;
  private static final int BOTTOM = 30;
  private static final int PLOT = WIDTH - LEFT - RIGHT;

  private final Series series;
  private final List<String> lines;
  private final double[] values;
  private final double[] lower;
  private final double[] upper;
  private final boolean[] alerts;
  private final StringBuilder out = new StringBuilder();
  private double least = Double.POSITIVE_INFINITY;
  private double most = Double.NEGATIVE_INFINITY;

  private NabPicture(Series series, List<String> lines) {
    this.series = series;
    this.lines = lines;
    this.values = new double[lines.size()];
    this.lower = new double[lines.size()];
    this.upper = new double[lines.size()];
    this.alerts = new boolean[lines.size()];
    Arrays.fill(lower, Double.NaN);
    Arrays.fill(upper, Double.NaN);
  }

  /// Runs the detector over the series in a view and draws it.
  static void draw(Path folder, NabSeries data, String name, String function, Path file)
      throws IOException {
    Series series =
        data.series().stream()
            .filter(s -> s.name.contains(name))
            .findFirst()
            .orElseThrow(() -> new IOException("no series " + name));
    NabPicture picture =
        new NabPicture(series, Objects.requireNonNull(data.lines().get(series.name), series.name));
    picture.detect(folder.resolve("data").resolve(series.name).toAbsolutePath(), function);
    Files.writeString(file, picture.text(function));
  }

  private void detect(Path csv, String function) {
    DatabaseConfig config =
        new DatabaseConfig(null, 1, 2L << 30, InstantSource.system(), System::nanoTime, 1);
    try (EmbeddedSession session = new EmbeddedSession(config)) {
      session.run(
          "CREATE STREAM points (timestamp TIMESTAMP, value DOUBLE PRECISION, WATERMARK FOR"
              + " timestamp AS timestamp - INTERVAL '1 hour') WITH (connector = 'file', path = '"
              + csv
              + "', format = 'csv')");
      session.run(
          "CREATE MATERIALIZED VIEW band AS SELECT timestamp, value, (a).lower AS low, (a).upper AS"
              + " high, (a).is_anomaly AS alert FROM (SELECT *, "
              + function
              + "(value) OVER (ORDER BY timestamp) AS a FROM points) q");
      while (!session.runtime().isDrained()) {
        LockSupport.parkNanos(1_000_000L);
      }
      session.runtime().driver().exclusive(() -> 0);
      int[] row = {0};
      session.query(
          "SELECT value, low, high, alert FROM band ORDER BY timestamp",
          batch -> row[0] = take(batch, row[0]));
    }
  }

  private int take(DeltaBatch batch, int first) {
    for (int i = 0; i < batch.rows(); i++) {
      values[first + i] = number(batch.column(0), i);
      lower[first + i] = number(batch.column(1), i);
      upper[first + i] = number(batch.column(2), i);
      alerts[first + i] = batch.column(3).booleanAt(i);
      least = Math.min(least, values[first + i]);
      most = Math.max(most, values[first + i]);
    }
    return first + batch.rows();
  }

  private static double number(Column column, int row) {
    return column.isNull(row) ? Double.NaN : column.doubleAt(row);
  }

  private String text(String function) {
    line(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"12\">",
        WIDTH, HEIGHT);
    line("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, HEIGHT);
    line(
        "<text x=\"%d\" y=\"18\" fill=\"#222222\">%s: value, range that %s expects, alerts (red),"
            + " labelled anomalies (yellow)</text>",
        LEFT, series.name, function);
    windows();
    band();
    values();
    alerts();
    axes();
    out.append("</svg>\n");
    return out.toString();
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private void line(String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }

  private double x(int row) {
    return LEFT + (double) PLOT * row / Math.max(1, values.length - 1);
  }

  private double y(double value) {
    double share = most > least ? (Math.clamp(value, least, most) - least) / (most - least) : 0.5;
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  }

  private void windows() {
    for (int row = 0; row < values.length; ) {
      int end = row;
      while (end < values.length && series.isInWindow(end)) {
        end++;
      }
      if (end > row) {
        line(
            "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#fdf0b5\"/>",
            x(row), TOP, x(end - 1) - x(row), HEIGHT - TOP - BOTTOM);
      }
      row = end + 1;
    }
  }

  /// The median range of the rows under each pixel.
  private void band() {
    StringBuilder high = new StringBuilder();
    StringBuilder low = new StringBuilder();
    for (int pixel = 0; pixel < PLOT; pixel += 2) {
      int from = (int) ((long) pixel * values.length / PLOT);
      int end = Math.max(from + 1, (int) ((pixel + 2L) * values.length / PLOT));
      double bottom = median(lower, from, Math.min(end, values.length));
      double top = median(upper, from, Math.min(end, values.length));
      if (!Double.isNaN(bottom) && !Double.isNaN(top)) {
        high.append(String.format(Locale.ROOT, "%d,%.1f ", LEFT + pixel, y(top)));
        low.insert(0, String.format(Locale.ROOT, "%d,%.1f ", LEFT + pixel, y(bottom)));
      }
    }
    line("<polygon fill=\"#cfe2f7\" points=\"%s%s\"/>", high, low.toString().strip());
  }

  private static double median(double[] all, int from, int end) {
    double[] known = Arrays.stream(all, from, end).filter(v -> !Double.isNaN(v)).sorted().toArray();
    return known.length == 0 ? Double.NaN : known[known.length / 2];
  }

  /// Least and most of the rows under each pixel.
  private void values() {
    StringBuilder path = new StringBuilder();
    for (int pixel = 0; pixel < PLOT; pixel++) {
      int from = (int) ((long) pixel * values.length / PLOT);
      int end = Math.max(from + 1, (int) ((pixel + 1L) * values.length / PLOT));
      double low = Arrays.stream(values, from, end).min().orElse(least);
      double high = Arrays.stream(values, from, end).max().orElse(most);
      path.append(String.format(Locale.ROOT, "%d,%.1f ", LEFT + pixel, y(low)));
      if (high > low) {
        path.append(String.format(Locale.ROOT, "%d,%.1f ", LEFT + pixel, y(high)));
      }
    }
    line(
        "<polyline fill=\"none\" stroke=\"#1f5f99\" stroke-width=\"0.8\" points=\"%s\"/>",
        path.toString().strip());
  }

  private void alerts() {
    for (int row = 0; row < values.length; row++) {
      if (alerts[row]) {
        line(
            "<line x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$d\" y2=\"%3$d\" stroke=\"#d62728\""
                + " stroke-width=\"0.8\" stroke-dasharray=\"3 3\"/>",
            x(row), TOP, HEIGHT - BOTTOM);
        line("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"#d62728\"/>", x(row), y(values[row]));
      }
    }
  }

  private void axes() {
    line(
        "<path d=\"M%d %d V%d H%d\" fill=\"none\" stroke=\"#888888\"/>",
        LEFT, TOP, HEIGHT - BOTTOM, WIDTH - RIGHT);
    for (double value : new double[] {least, most}) {
      line(
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#222222\">%.4g</text>",
          LEFT - 6, y(value) + 4, value);
    }
    for (int i = 0; i <= 4; i++) {
      int row = (values.length - 1) * i / 4;
      line(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\" fill=\"#222222\">%s</text>",
          x(row),
          HEIGHT - 10,
          i == 0 ? "start" : i == 4 ? "end" : "middle",
          lines.get(row).substring(0, 10));
    }
  }
}
