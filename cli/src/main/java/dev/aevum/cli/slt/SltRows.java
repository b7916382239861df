package dev.aevum.cli.slt;

import dev.aevum.cli.slt.SltRecord.SortMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Rows as the lines of a file: values in PostgreSQL's text form, apart by a tab; `NULL`, `(empty)`
/// for the empty text, `\n`, `\t`, `\r` and `\\` for what would break a line.
///
/// Files of other projects have one value a line, or columns apart by blanks: taken too.
final class SltRows {
  private SltRows() {}

  static String line(List<@Nullable String> row) {
    return row.stream().map(SltRows::value).collect(Collectors.joining("\t"));
  }

  private static String value(@Nullable String value) {
    if (value == null) {
      return "NULL";
    }
    if (value.isEmpty()) {
      return "(empty)";
    }
    return value.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r");
  }

  /// The lines of a result in its sort mode; a hash of all values if there are more than the
  /// threshold.
  static List<String> lines(List<List<@Nullable String>> rows, SortMode sort, int hashThreshold) {
    List<String> lines = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (List<@Nullable String> row : rows) {
      lines.add(line(row));
      row.forEach(v -> values.add(value(v)));
    }
    List<String> result = sort == SortMode.VALUESORT ? values : lines;
    if (sort != SortMode.NOSORT) {
      Collections.sort(result);
    }
    if (hashThreshold == 0 || values.size() <= hashThreshold) {
      return result;
    }
    List<String> hashed =
        sort == SortMode.VALUESORT
            ? values
            : result.stream().flatMap(l -> List.of(l.split("\t", -1)).stream()).toList();
    return List.of(values.size() + " values hashing to " + md5(hashed));
  }

  private static String md5(List<String> values) {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      values.forEach(v -> digest.update((v + "\n").getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A letter a column; where `expected` has `?`, `?`.
  static String types(List<Integer> oids, String expected) {
    StringBuilder types = new StringBuilder();
    for (int c = 0; c < oids.size(); c++) {
      boolean any = c < expected.length() && expected.charAt(c) == '?';
      types.append(
          any
              ? '?'
              : switch (oids.get(c)) {
                case 20, 21, 23, 26 -> 'I';
                case 700, 701, 1700 -> 'R';
                default -> 'T';
              });
    }
    return types.toString();
  }

  static boolean equal(SltRecord.Query query, int columns, List<String> got) {
    List<String> expected = query.expected();
    if (columns > 1
        && expected.size() == got.size() * columns
        && query.sort() != SortMode.VALUESORT
        && !got.isEmpty()) {
      List<String> rows = new ArrayList<>();
      for (int i = 0; i < expected.size(); i += columns) {
        rows.add(String.join("\t", expected.subList(i, i + columns)));
      }
      expected = rows;
    }
    return query.sort() == SortMode.NOSORT ? sameLines(expected, got) : sameRows(expected, got);
  }

  /// Equal in any order.
  static boolean sameRows(List<String> expected, List<String> got) {
    List<String> left = new ArrayList<>(expected);
    List<String> right = new ArrayList<>(got);
    Collections.sort(left);
    Collections.sort(right);
    return sameLines(left, right);
  }

  private static boolean sameLines(List<String> expected, List<String> got) {
    if (expected.equals(got)) {
      return true;
    }
    boolean tabs = expected.stream().anyMatch(l -> l.indexOf('\t') >= 0);
    boolean columns = got.stream().anyMatch(l -> l.indexOf('\t') >= 0);
    return !tabs && columns && squeezed(expected).equals(squeezed(got));
  }

  private static List<String> squeezed(List<String> lines) {
    return lines.stream().map(l -> l.strip().replaceAll("\\s+", " ")).toList();
  }

  static String difference(List<String> expected, List<String> got) {
    StringBuilder text = new StringBuilder("expected:");
    expected.forEach(l -> text.append("\n    ").append(l));
    text.append("\n  got:");
    got.forEach(l -> text.append("\n    ").append(l));
    return text.toString();
  }
}
