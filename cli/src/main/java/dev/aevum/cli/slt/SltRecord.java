package dev.aevum.cli.slt;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One record of a file.
public sealed interface SltRecord {
  Where where();

  /// Where a record stands and when it runs.
  ///
  /// @param line 1-based line of the directive
  /// @param end index of the first line after the record, for rewriting
  /// @param connection whose session runs it
  /// @param skipIf labels of targets that skip it
  /// @param onlyIf labels of which the target must have all
  record Where(
      Path file, int line, int end, String connection, Set<String> skipIf, Set<String> onlyIf) {
    boolean runsOn(Set<String> labels) {
      return labels.containsAll(onlyIf) && skipIf.stream().noneMatch(labels::contains);
    }

    @Override
    public String toString() {
      return file + ":" + line;
    }
  }

  /// A statement whose rows, if any, do not matter.
  record Statement(Where where, String sql, Expected expected) implements SltRecord {}

  /// A query and its rows.
  ///
  /// @param types a letter a column: `I` integers, `R` numeric and floating point, `T` all others,
  ///   `?` any
  /// @param label queries of one label have equal rows
  record Query(
      Where where,
      String sql,
      String types,
      SortMode sort,
      @Nullable String label,
      List<String> expected)
      implements SltRecord {}

  /// What the contents of a view gained and lost since the last look (the first look: since it was
  /// empty).
  record Changes(Where where, String view, List<String> expected) implements SltRecord {}

  /// Close the database and open it again.
  record Restart(Where where) implements SltRecord {}

  /// Move the virtual clock on.
  record Advance(Where where, java.time.Duration by) implements SltRecord {}

  /// Results of more values than this are compared by hash; 0: never.
  record HashThreshold(Where where, int values) implements SltRecord {}

  /// The rest of the file is not read.
  record Halt(Where where) implements SltRecord {}

  /// What a statement has to do.
  sealed interface Expected {
    record Ok() implements Expected {}

    record Count(long rows) implements Expected {}

    /// Fail, with a pattern found in `SQLSTATE: message`, or with exactly these lines (message,
    /// DETAIL, HINT); both null: any error.
    record Failure(@Nullable String pattern, @Nullable List<String> text, boolean query)
        implements Expected {}
  }

  /// The order in which rows are compared.
  enum SortMode {
    NOSORT,
    ROWSORT,
    VALUESORT
  }
}
