package dev.aevum.executor.anomaly;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Writes explanations of several columns as the text of a JSONB value: keys by length, then by
/// name, as the type keeps them. Reused; one thread.
final class Explanation {
  private static final double LARGE = 1e9;
  private static final long MICROS = 1_000_000;

  private final StringBuilder text = new StringBuilder(256);
  private final String[] names;
  private final int[] order;

  /// @param columns names, each once
  Explanation(List<String> columns) {
    this.names = columns.stream().map(Explanation::quoted).toArray(String[]::new);
    this.order =
        IntStream.range(0, names.length)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(i -> bytes(columns.get(i)).length)
                    .thenComparing((a, b) ->
                        Arrays.compareUnsigned(bytes(columns.get(a)), bytes(columns.get(b)))))
            .mapToInt(Integer::intValue)
            .toArray();
  }

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  private static String quoted(String name) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        default -> {
          if (c < ' ') {
            out.append("\\u00").append(Character.forDigit(c >> 4, 16));
            out.append(Character.forDigit(c & 15, 16));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }

  /// Each name once: those that come again get a number.
  static List<String> distinct(List<String> names) {
    List<String> all = new ArrayList<>();
    for (String name : names) {
      String made = name;
      for (int i = 2; all.contains(made); i++) {
        made = name + "_" + i;
      }
      all.add(made);
    }
    return all;
  }

  /// Begins with the raw figure.
  void begin(double raw) {
    text.setLength(0);
    text.append("{\"raw\": ");
    number(raw);
  }

  /// What each column adds to the raw figure, by [Part].
  void columns(Part part) {
    text.append(", \"columns\": {");
    for (int i = 0; i < order.length; i++) {
      int column = order[i];
      text.append(i == 0 ? "" : ", ").append(names[column]).append(": {\"strength\": ");
      number(part.strength(column));
      text.append(", \"direction\": ").append(part.side(column) < 0 ? "\"LOW\"" : "\"HIGH\"");
      text.append(", \"attribution\": ");
      number(part.attribution(column));
      text.append('}');
    }
    text.append('}');
  }

  /// A column's part in a raw figure.
  interface Part {
    /// Of the raw figure.
    double attribution(int column);

    /// Below 0: the column is low.
    double side(int column);

    /// How far the column is from what is usual, in deviations.
    double strength(int column);
  }

  String end(long history, int leading, boolean suppressed) {
    text.append(", \"history\": ").append(history);
    text.append(", \"leading\": ").append(names[leading]);
    text.append(", \"suppressed\": ").append(suppressed).append('}');
    return text.toString();
  }

  private void number(double value) {
    text.append(shown(value));
  }

  /// A number as JSON has it, with six digits behind the point where it is not huge.
  static String shown(double value) {
    if (Math.abs(value) >= LARGE) {
      return new BigDecimal(value).setScale(0, RoundingMode.HALF_EVEN).toPlainString();
    }
    long micros = Math.round(Math.abs(value) * MICROS);
    String digits = Long.toString(micros % MICROS + MICROS).substring(1);
    return (value < 0 && micros > 0 ? "-" : "") + micros / MICROS + "." + digits;
  }
}
