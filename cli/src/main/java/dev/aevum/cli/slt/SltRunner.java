package dev.aevum.cli.slt;

import dev.aevum.cli.slt.SltRecord.Expected;
import dev.aevum.cli.slt.SltResult.Actual;
import dev.aevum.cli.slt.SltTarget.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Runs the records of one file, in order, and says what became of each; goes on after a failure.
public final class SltRunner {
  private final SltTarget target;
  private final SltMode mode;
  private final Map<String, Map<String, Long>> lastLooks = new HashMap<>();
  private final Map<String, List<String>> labelled = new HashMap<>();
  private int hashThreshold;

  public SltRunner(SltTarget target, SltMode mode) {
    this.target = target;
    this.mode = mode;
  }

  List<SltResult> run(List<SltRecord> records) {
    List<SltResult> results = new ArrayList<>();
    boolean halted = false;
    for (SltRecord record : records) {
      if (halted || !record.where().runsOn(target.labels())) {
        results.add(skipped(record));
        continue;
      }
      SltResult result = run(record);
      results.add(result);
      // Without its clock a target cannot give what the rest of the file expects.
      halted =
          record instanceof SltRecord.Halt
              || (record instanceof SltRecord.Advance && result.skipped());
    }
    return results;
  }

  private SltResult run(SltRecord record) {
    return switch (record) {
      case SltRecord.Statement statement -> statement(statement);
      case SltRecord.Query query -> query(query);
      case SltRecord.Changes changes -> changes(changes);
      case SltRecord.Restart restart ->
          target.restart(false) ? passed(record, null) : skipped(restart);
      case SltRecord.Advance advance ->
          target.advance(advance.by()) ? passed(record, null) : skipped(advance);
      case SltRecord.HashThreshold threshold -> {
        hashThreshold = threshold.values();
        yield skipped(record);
      }
      case SltRecord.Halt halt -> skipped(halt);
    };
  }

  private SltResult statement(SltRecord.Statement record) {
    String connection = record.where().connection();
    Outcome outcome = runSql(record, connection);
    SltResult result =
        switch (record.expected()) {
          case Expected.Ok() ->
              outcome instanceof Outcome.Failure failure
                  ? unexpected(record, failure)
                  : passed(record, new Actual("statement ok", null));
          case Expected.Count(long rows) ->
              switch (outcome) {
                case Outcome.Failure failure -> unexpected(record, failure);
                case Outcome.Success success ->
                    judged(
                        record,
                        success.count() == rows
                            ? null
                            : "expected " + rows + " rows, got " + success.count(),
                        new Actual("statement count " + success.count(), null));
              };
          case Expected.Failure expected ->
              switch (outcome) {
                case Outcome.Success ignored ->
                    judged(record, "an error expected", new Actual("statement ok", null));
                case Outcome.Failure failure -> failure(record, expected, failure);
              };
        };
    if (mode == SltMode.RESTARTS && !target.inTransaction(connection)) {
      target.restart(true);
    }
    return result;
  }

  private Outcome runSql(SltRecord.Statement record, String connection) {
    boolean splits =
        mode == SltMode.ROWS
            && !(record.expected() instanceof Expected.Failure)
            && !target.inTransaction(connection);
    if (!splits) {
      return target.run(connection, record.sql());
    }
    long count = 0;
    Outcome last = new Outcome.Success(List.of(), List.of(), 0);
    for (String sql : InsertSplitter.split(record.sql())) {
      last = target.run(connection, sql);
      if (!(last instanceof Outcome.Success success)) {
        return last;
      }
      count += success.count();
    }
    return new Outcome.Success(List.of(), List.of(), count);
  }

  private static SltResult unexpected(SltRecord record, Outcome.Failure failure) {
    String directive = record instanceof SltRecord.Query ? "query" : "statement";
    return judged(
        record, failure.text(), new Actual(directive + " error " + quoted(failure), null));
  }

  private static SltResult failure(
      SltRecord record, Expected.Failure expected, Outcome.Failure failure) {
    String directive = (expected.query() ? "query" : "statement") + " error";
    if (expected.text() != null) {
      List<String> got = failure.text().lines().toList();
      return judged(
          record,
          got.equals(expected.text()) ? null : SltRows.difference(expected.text(), got),
          new Actual(directive, got));
    }
    String pattern = expected.pattern();
    boolean matches =
        pattern == null || Pattern.compile(pattern, Pattern.DOTALL).matcher(failure.text()).find();
    return judged(
        record,
        matches ? null : "expected an error like " + pattern + "\ngot " + failure.text(),
        new Actual(matches && pattern != null ? null : directive + " " + quoted(failure), null));
  }

  /// A pattern that takes exactly this error.
  private static String quoted(Outcome.Failure failure) {
    return (failure.sqlState() + ": " + failure.message().lines().findFirst().orElse(""))
        .replaceAll("[\\\\.\\[\\]{}()*+?^$|]", "\\\\$0");
  }

  private SltResult query(SltRecord.Query record) {
    Outcome outcome = target.run(record.where().connection(), record.sql());
    if (outcome instanceof Outcome.Failure failure) {
      return unexpected(record, failure);
    }
    Outcome.Success success = (Outcome.Success) outcome;
    String types = SltRows.types(success.typeOids(), record.types());
    List<String> got = SltRows.lines(success.rows(), record.sort(), hashThreshold);
    String difference = null;
    if (!types.equals(record.types())) {
      difference = "expected columns " + record.types() + ", got " + types;
    } else if (!SltRows.equal(record, success.typeOids().size(), got)) {
      difference = SltRows.difference(record.expected(), got);
    } else if (record.label() != null) {
      List<String> other = labelled.putIfAbsent(record.label(), got);
      difference =
          other == null || other.equals(got)
              ? null
              : "not equal to the other results of " + record.label();
    }
    return judged(record, difference, new Actual(header(record, types), got));
  }

  private static String header(SltRecord.Query record, String types) {
    StringBuilder header = new StringBuilder("query ").append(types);
    if (record.sort() != SltRecord.SortMode.NOSORT || record.label() != null) {
      header.append(' ').append(record.sort().name().toLowerCase(java.util.Locale.ROOT));
    }
    if (record.label() != null) {
      header.append(' ').append(record.label());
    }
    return header.toString();
  }

  private SltResult changes(SltRecord.Changes record) {
    Outcome outcome = target.run(record.where().connection(), "SELECT * FROM " + record.view());
    if (outcome instanceof Outcome.Failure failure) {
      return judged(record, failure.text(), null);
    }
    Map<String, Long> now = new TreeMap<>();
    for (List<@Nullable String> row : ((Outcome.Success) outcome).rows()) {
      now.merge(SltRows.line(row), 1L, Long::sum);
    }
    Map<String, Long> change = new TreeMap<>(now);
    Map<String, Long> before = lastLooks.put(record.view(), now);
    if (before != null) {
      before.forEach((row, weight) -> change.merge(row, -weight, Long::sum));
    }
    List<String> got = new ArrayList<>();
    change.forEach((row, weight) -> {
      if (weight != 0) {
        got.add((weight > 0 ? "+" : "") + weight + "\t" + row);
      }
    });
    boolean equal = SltRows.sameRows(record.expected(), got);
    return judged(
        record, equal ? null : SltRows.difference(record.expected(), got), new Actual(null, got));
  }

  private static SltResult judged(
      SltRecord record, @Nullable String difference, @Nullable Actual actual) {
    return new SltResult(record, false, difference, actual);
  }

  private static SltResult passed(SltRecord record, @Nullable Actual actual) {
    return judged(record, null, actual);
  }

  private static SltResult skipped(SltRecord record) {
    return new SltResult(record, true, null, null);
  }
}
