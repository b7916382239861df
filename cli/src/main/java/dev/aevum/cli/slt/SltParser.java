package dev.aevum.cli.slt;

import dev.aevum.cli.slt.SltRecord.Expected;
import dev.aevum.cli.slt.SltRecord.SortMode;
import dev.aevum.cli.slt.SltRecord.Where;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads sqllogictest files. Directives:
///
/// ```
/// statement ok | statement count N | statement error [REGEX]      SQL on the following lines up to a blank line (an error's exact text may follow ----)
/// query TYPES [nosort|rowsort|valuesort] [LABEL] | query error [REGEX]   SQL, ----, rows: columns apart by a tab
/// changes VIEW          ----, rows: weight (+1, -1), then the columns
/// restart               advance INTERVAL (such as 90 seconds)
/// skipif LABEL | onlyif LABEL | connection NAME        for the next record
/// hash-threshold N      include FILE (relative to this one)        halt
/// ```
///
/// Lines that begin with `#` between records are comments.
public final class SltParser {
  static final String SEPARATOR = "----";
  static final String DEFAULT_CONNECTION = "default";

  private final Path file;
  private final List<String> lines;
  private final List<SltRecord> records = new ArrayList<>();
  private Set<String> skipIf = new LinkedHashSet<>();
  private Set<String> onlyIf = new LinkedHashSet<>();
  private String connection = DEFAULT_CONNECTION;
  private int at;

  private SltParser(Path file) {
    this.file = file;
    try {
      this.lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new SqlException(ErrorCode.IO_ERROR, "cannot read \"" + file + "\": " + e);
    }
  }

  /// The records of a file and of those it includes. Errors: 42601 with file and line, 58030.
  public static List<SltRecord> parse(Path file) {
    SltParser parser = new SltParser(file);
    while (parser.at < parser.lines.size()) {
      parser.next();
    }
    return List.copyOf(parser.records);
  }

  private void next() {
    int line = at++;
    String text = lines.get(line).strip();
    if (text.isEmpty() || text.startsWith("#")) {
      return;
    }
    int space = text.indexOf(' ');
    String directive = space < 0 ? text : text.substring(0, space);
    String rest = space < 0 ? "" : text.substring(space + 1).strip();
    switch (directive) {
      case "skipif" -> skipIf.add(label(rest, line));
      case "onlyif" -> onlyIf.add(label(rest, line));
      case "connection" -> connection = label(rest, line);
      case "include" -> records.addAll(parse(file.resolveSibling(rest)));
      case "statement" -> statement(line, rest);
      case "query" -> query(line, rest);
      case "changes" -> changes(line, label(rest, line));
      case "restart" -> records.add(new SltRecord.Restart(where(line)));
      case "advance" -> records.add(new SltRecord.Advance(where(line), duration(rest, line)));
      case "hash-threshold" ->
          records.add(new SltRecord.HashThreshold(where(line), (int) number(rest, line)));
      case "halt" -> records.add(new SltRecord.Halt(where(line)));
      default -> throw refused(line, "unknown directive \"" + directive + "\"");
    }
  }

  private void statement(int line, String rest) {
    String sql = sql(line);
    List<String> block = block();
    Expected expected;
    if (rest.equals("ok")) {
      expected = new Expected.Ok();
    } else if (rest.startsWith("count ")) {
      expected = new Expected.Count(number(rest.substring(6), line));
    } else if (rest.equals("error") || rest.startsWith("error ")) {
      expected = new Expected.Failure(pattern(rest), block, false);
    } else {
      throw refused(line, "statement ok, count N or error [REGEX] expected");
    }
    if (block != null && !(expected instanceof Expected.Failure)) {
      throw refused(line, "a statement has no rows");
    }
    records.add(new SltRecord.Statement(where(line), sql, expected));
  }

  private static @Nullable String pattern(String rest) {
    return rest.length() > 6 ? rest.substring(6).strip() : null;
  }

  private void query(int line, String rest) {
    String sql = sql(line);
    List<String> block = block();
    if (rest.equals("error") || rest.startsWith("error ")) {
      records.add(
          new SltRecord.Statement(
              where(line), sql, new Expected.Failure(pattern(rest), block, true)));
      return;
    }
    String[] words = rest.split("\\s+", -1);
    if (!words[0].matches("[ITR?]+") || words.length > 3) {
      throw refused(line, "query TYPES [sort mode] [label] expected");
    }
    SortMode sort =
        switch (words.length < 2 ? "nosort" : words[1].toLowerCase(Locale.ROOT)) {
          case "nosort" -> SortMode.NOSORT;
          case "rowsort" -> SortMode.ROWSORT;
          case "valuesort" -> SortMode.VALUESORT;
          default -> throw refused(line, "unknown sort mode \"" + words[1] + "\"");
        };
    records.add(
        new SltRecord.Query(
            where(line),
            sql,
            words[0],
            sort,
            words.length > 2 ? words[2] : null,
            block == null ? List.of() : block));
  }

  private void changes(int line, String view) {
    List<String> block = block();
    records.add(new SltRecord.Changes(where(line), view, block == null ? List.of() : block));
  }

  /// The lines up to a blank line or the separator.
  private String sql(int directive) {
    StringBuilder sql = new StringBuilder();
    while (at < lines.size() && !lines.get(at).isBlank() && !lines.get(at).equals(SEPARATOR)) {
      sql.append(lines.get(at++)).append('\n');
    }
    if (sql.isEmpty()) {
      throw refused(directive, "no SQL");
    }
    return sql.toString().strip();
  }

  /// The lines after the separator up to an empty line; null without a separator.
  private @Nullable List<String> block() {
    if (at >= lines.size() || !lines.get(at).equals(SEPARATOR)) {
      return null;
    }
    at++;
    List<String> block = new ArrayList<>();
    while (at < lines.size() && !lines.get(at).isEmpty()) {
      block.add(lines.get(at++));
    }
    return block;
  }

  private SqlException refused(int line, String message) {
    return new SqlException(ErrorCode.SYNTAX_ERROR, file + ":" + (line + 1) + ": " + message);
  }

  private Where where(int line) {
    Where where = new Where(file, line + 1, at, connection, Set.copyOf(skipIf), Set.copyOf(onlyIf));
    skipIf = new LinkedHashSet<>();
    onlyIf = new LinkedHashSet<>();
    connection = DEFAULT_CONNECTION;
    return where;
  }

  private String label(String rest, int line) {
    if (rest.isEmpty()) {
      throw refused(line, "a name expected");
    }
    int space = rest.indexOf(' ');
    return space < 0 ? rest : rest.substring(0, space);
  }

  private long number(String text, int line) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw refused(line, "a number expected, not \"" + text + "\"");
    }
  }

  private Duration duration(String text, int line) {
    String[] words = text.replace("'", "").strip().split("\\s+", -1);
    if (words.length == 2) {
      long amount = number(words[0], line);
      switch (words[1].toLowerCase(Locale.ROOT)) {
        case "millisecond", "milliseconds" -> {
          return Duration.ofMillis(amount);
        }
        case "second", "seconds" -> {
          return Duration.ofSeconds(amount);
        }
        case "minute", "minutes" -> {
          return Duration.ofMinutes(amount);
        }
        case "hour", "hours" -> {
          return Duration.ofHours(amount);
        }
        case "day", "days" -> {
          return Duration.ofDays(amount);
        }
        default -> {}
      }
    }
    throw refused(line, "advance takes a number and a unit, not \"" + text + "\"");
  }
}
