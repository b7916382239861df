package dev.aevum.engine.session;

import dev.aevum.executor.query.QueryExecution;
import dev.aevum.executor.query.RowSource;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Field;
import dev.aevum.model.text.JavaValues;
import dev.aevum.model.text.PgText;
import dev.aevum.planner.explain.SequenceWhy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// EXPLAIN WHY for rows that a sequence function judged: all of its results, and the rows of the
/// key before it.
final class SequenceReasons {
  /// Rows that are shown before the one asked for.
  private static final int BEFORE = 5;

  private final SessionImpl session;
  private final SequenceWhy why;
  private final int view;
  private final Map<List<@Nullable String>, Deque<List<@Nullable String>>> recent = new HashMap<>();
  private final List<String> lines = new ArrayList<>();

  /// @param view the OID of the view
  SequenceReasons(SessionImpl session, SequenceWhy why, int view) {
    this.view = view;
    this.session = session;
    this.why = why;
  }

  List<String> lines() {
    try (StatementRun run = session.startAgain(view);
        RowSource source = QueryExecution.open(why.plan(), run.context())) {
      for (DeltaBatch next = source.next(); next != null; next = source.next()) {
        try (DeltaBatch batch = run.expand(next)) {
          for (int row = 0; row < batch.rows(); row++) {
            take(batch, row);
          }
        }
      }
      run.context().check();
    }
    return lines;
  }

  private void take(DeltaBatch batch, int row) {
    List<@Nullable String> values = values(batch, row);
    List<@Nullable String> key = new ArrayList<>();
    why.partition().forEach(i -> key.add(values.get(i)));
    Deque<List<@Nullable String>> before = recent.computeIfAbsent(key, k -> new ArrayDeque<>());
    Column wanted = batch.columns().getLast();
    if (!wanted.isNull(row) && wanted.booleanAt(row)) {
      explain(values, before);
    }
    if (values.get(why.time()) != null) {
      before.add(values);
      if (before.size() > BEFORE) {
        before.remove();
      }
    }
  }

  private List<@Nullable String> values(DeltaBatch batch, int row) {
    List<@Nullable String> values = new ArrayList<>();
    for (int i = 0; i < batch.columns().size(); i++) {
      Object value = JavaValues.get(batch.columns().get(i), row);
      values.add(
          value == null
              ? null
              : PgText.formatValue(why.plan().schema().type(i), value, session.textStyle()));
    }
    return values;
  }

  private void explain(List<@Nullable String> values, Deque<List<@Nullable String>> before) {
    String key =
        why.partition().stream().map(i -> input(values, i)).collect(Collectors.joining(", "));
    lines.add(
        why.function() + (key.isEmpty() ? "" : " of " + key) + ", " + input(values, why.time()));
    lines.add("  " + arguments(values));
    int first = why.inputs().size();
    List<String> results = new ArrayList<>();
    for (int i = 0; i < why.results().size(); i++) {
      Field field = why.results().get(i);
      if (!field.name().equals("explanation")) {
        results.add(field.name() + " = " + shown(values.get(first + i)));
      }
    }
    lines.add("  " + String.join(", ", results));
    for (int i = 0; i < why.results().size(); i++) {
      if (why.results().get(i).name().equals("explanation") && values.get(first + i) != null) {
        lines.add("  " + values.get(first + i));
      }
    }
    if (!before.isEmpty()) {
      lines.add("  after");
    }
    for (List<@Nullable String> row : before) {
      lines.add(
          "    "
              + input(row, why.time())
              + ", "
              + arguments(row)
              + why.results().stream()
                  .filter(f -> f.name().equals("score"))
                  .map(f -> ", score = " + shown(row.get(first + why.results().indexOf(f))))
                  .collect(Collectors.joining()));
    }
  }

  private String arguments(List<@Nullable String> values) {
    return why.arguments().stream().map(i -> input(values, i)).collect(Collectors.joining(", "));
  }

  private String input(List<@Nullable String> values, int column) {
    String name = why.inputs().get(column).name();
    return (name.startsWith("_") || name.startsWith("$") ? "value" : name)
        + " = "
        + shown(values.get(column));
  }

  private static String shown(@Nullable String value) {
    return value == null ? "NULL" : value;
  }
}
