package dev.aevum.cli.shell;

import java.io.PrintStream;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Prints results as psql does: aligned with numbers to the right, one column a line (`\x`), or
/// CSV.
final class ResultPrinter {
  /// How rows are laid out.
  enum Layout {
    ALIGNED,
    EXPANDED,
    CSV
  }

  private final PrintStream out;

  ResultPrinter(PrintStream out) {
    this.out = out;
  }

  /// Prints all rows. The aligned layout holds them all to know the widths.
  void print(ResultSet result, Layout layout) throws SQLException {
    ResultSetMetaData columns = result.getMetaData();
    List<String> names = new ArrayList<>();
    boolean[] right = new boolean[columns.getColumnCount()];
    for (int i = 1; i <= right.length; i++) {
      names.add(columns.getColumnLabel(i));
      right[i - 1] = isNumber(columns.getColumnType(i));
    }
    if (layout == Layout.CSV) {
      printCsv(names, result);
      return;
    }
    List<List<@Nullable String>> rows = new ArrayList<>();
    while (result.next()) {
      List<@Nullable String> row = new ArrayList<>();
      for (int i = 1; i <= right.length; i++) {
        row.add(result.getString(i));
      }
      rows.add(row);
    }
    if (layout == Layout.EXPANDED) {
      printExpanded(names, rows);
    } else {
      printAligned(names, right, rows);
    }
  }

  private static boolean isNumber(int type) {
    return switch (type) {
      case Types.SMALLINT,
          Types.INTEGER,
          Types.BIGINT,
          Types.REAL,
          Types.FLOAT,
          Types.DOUBLE,
          Types.NUMERIC,
          Types.DECIMAL ->
          true;
      default -> false;
    };
  }

  private void printAligned(
      List<String> names, boolean[] right, List<List<@Nullable String>> rows) {
    int[] widths = new int[right.length];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = width(names.get(i));
      for (List<@Nullable String> row : rows) {
        for (String line : lines(row.get(i))) {
          widths[i] = Math.max(widths[i], width(line));
        }
      }
    }
    StringBuilder header = new StringBuilder();
    StringBuilder rule = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      int left = (widths[i] - width(names.get(i))) / 2;
      int rest = widths[i] - width(names.get(i)) - left;
      header
          .append(i == 0 ? " " : "| ")
          .append(" ".repeat(left))
          .append(names.get(i))
          .append(" ".repeat(rest))
          .append(' ');
      rule.append(i == 0 ? "-" : "+-").append("-".repeat(widths[i])).append('-');
    }
    // psql leaves the last cell of the header padded and that of the rows not.
    out.println(header);
    out.println(rule);
    for (List<@Nullable String> row : rows) {
      printRow(row, right, widths);
    }
    out.println(rows.size() == 1 ? "(1 row)" : "(" + rows.size() + " rows)");
    out.println();
  }

  /// Values of several lines go on in the lines below, marked with `+`.
  private void printRow(List<@Nullable String> row, boolean[] right, int[] widths) {
    int height = row.stream().mapToInt(v -> lines(v).size()).max().orElse(1);
    for (int k = 0; k < height; k++) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        List<String> lines = lines(row.get(i));
        String text = k < lines.size() ? lines.get(k) : "";
        boolean more = k + 1 < lines.size();
        boolean last = i == widths.length - 1;
        String padding = " ".repeat(widths[i] - width(text));
        line.append(i == 0 ? " " : "| ");
        if (right[i]) {
          line.append(padding).append(text);
        } else {
          line.append(text).append(last && !more ? "" : padding);
        }
        line.append(more ? "+" : last ? "" : " ");
      }
      out.println(line);
    }
  }

  private void printExpanded(List<String> names, List<List<@Nullable String>> rows) {
    int nameWidth = names.stream().mapToInt(ResultPrinter::width).max().orElse(0);
    int valueWidth =
        rows.stream()
            .flatMap(List::stream)
            .flatMap(v -> lines(v).stream())
            .mapToInt(ResultPrinter::width)
            .max()
            .orElse(0);
    int number = 0;
    for (List<@Nullable String> row : rows) {
      String title = "-[ RECORD " + ++number + " ]";
      String rule = "-".repeat(nameWidth + 1) + "+" + "-".repeat(valueWidth + 1);
      out.println(title.length() >= rule.length() ? title : title + rule.substring(title.length()));
      for (int i = 0; i < row.size(); i++) {
        List<String> lines = lines(row.get(i));
        for (int k = 0; k < lines.size(); k++) {
          String name = k == 0 ? names.get(i) : "";
          out.println(
              (name + " ".repeat(nameWidth - width(name)) + " | " + lines.get(k)).stripTrailing());
        }
      }
    }
    out.println(rows.isEmpty() ? "(0 rows)" : "");
  }

  /// Not held in memory: rows go out as they come.
  private void printCsv(List<String> names, ResultSet result) throws SQLException {
    out.println(String.join(",", names.stream().map(ResultPrinter::csv).toList()));
    while (result.next()) {
      StringBuilder line = new StringBuilder();
      for (int i = 1; i <= names.size(); i++) {
        String value = result.getString(i);
        line.append(i == 1 ? "" : ",").append(value == null ? "" : csv(value));
      }
      out.println(line);
    }
  }

  private static String csv(String value) {
    boolean quoted =
        value.isEmpty()
            || value.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return quoted ? '"' + value.replace("\"", "\"\"") + '"' : value;
  }

  private static List<String> lines(@Nullable String value) {
    return value == null ? List.of("") : List.of(value.split("\n", -1));
  }

  /// Terminal columns: wide characters take two.
  private static int width(String text) {
    int width = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      width += Math.max(0, org.jline.utils.WCWidth.wcwidth(text.codePointAt(i)));
    }
    return width;
  }
}
