package dev.aevum.engine.session;

import dev.aevum.executor.query.QueryExecution;
import dev.aevum.executor.query.RowSource;
import dev.aevum.executor.step.KeptInput;
import dev.aevum.executor.step.KeptMatches;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.text.JavaValues;
import dev.aevum.model.text.PgText;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.explain.MatchWhy;
import dev.aevum.planner.plan.PlanNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// EXPLAIN WHY for rows of a pattern view: the rows of their matches, a line each.
final class MatchReasons {
  private final SessionImpl session;
  private final MatchWhy why;
  private final List<String> lines = new ArrayList<>();
  private String match = "";

  MatchReasons(SessionImpl session, MatchWhy why) {
    this.session = session;
    this.why = why;
  }

  /// From what the inputs of the view keep, or give again.
  List<String> again(int view) {
    try (StatementRun run = session.startAgain(view);
        RowSource source = QueryExecution.open(why.plan(), run.context())) {
      take(source, run);
    }
    return lines;
  }

  /// From the matches that the view keeps.
  List<String> recent(List<KeptMatches> workers) {
    for (KeptMatches kept : workers) {
      if (!hasAll(kept.input())) {
        continue;
      }
      try (StatementRun run = session.start(List.of());
          RowSource source =
              QueryExecution.ofMatches(why.plan(), kept.input(), kept.matches(), run.context())) {
        take(source, run);
      }
    }
    return lines;
  }

  /// From all rows that the view keeps of its input.
  List<String> ofInput(List<KeptInput> workers) {
    for (KeptInput kept : workers) {
      if (!hasAll(kept.input())) {
        continue;
      }
      try (StatementRun run = session.start(List.of());
          RowSource source =
              QueryExecution.ofRows(why.plan(), kept.input(), kept.rows(), run.context())) {
        take(source, run);
      }
    }
    return lines;
  }

  /// The view was planned before its query reads these columns.
  private boolean hasAll(Schema kept) {
    PlanNode input = why.plan().inputs().getFirst().inputs().getFirst();
    return input.schema().fields().stream()
        .allMatch(f ->
            kept.fields().stream()
                .anyMatch(k -> k.name().equals(f.name()) && k.type().equals(f.type())));
  }

  private void take(RowSource source, StatementRun run) {
    for (DeltaBatch next = source.next(); next != null; next = source.next()) {
      try (DeltaBatch batch = run.expand(next)) {
        for (int row = 0; row < batch.rows(); row++) {
          List<@Nullable String> values = values(batch, row);
          String of = header(values);
          if (!of.equals(match)) {
            lines.add(of);
            match = of;
          }
          lines.add(row(values));
        }
      }
    }
    run.context().check();
  }

  private List<@Nullable String> values(DeltaBatch batch, int row) {
    List<@Nullable String> values = new ArrayList<>();
    for (int i = 0; i < batch.columns().size(); i++) {
      SqlType type = why.plan().schema().type(i);
      Object value = JavaValues.get(batch.columns().get(i), row);
      values.add(value == null ? null : PgText.formatValue(type, value, session.textStyle()));
    }
    return values;
  }

  private String header(List<@Nullable String> values) {
    String number = values.get(why.inputs().size() + 1);
    String partition =
        why.partition().stream()
            .map(i -> why.inputs().get(i).name() + " = " + shown(values.get(i)))
            .collect(Collectors.joining(", "));
    return (number == null ? "no match" : "match " + number)
        + (partition.isEmpty() ? "" : " of " + partition);
  }

  private String row(List<@Nullable String> values) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < why.inputs().size(); i++) {
      Field field = why.inputs().get(i);
      if (!why.partition().contains(i)) {
        columns.add(field.name() + " = " + shown(values.get(i)));
      }
    }
    String line = "  " + String.join(", ", columns);
    String label = values.get(why.inputs().size());
    if (label == null) {
      return line;
    }
    int variable = why.variables().indexOf(Objects.requireNonNull(label));
    int first = why.inputs().size() + 2;
    for (int i = 0; i < variable; i++) {
      first += why.operands().get(i).size();
    }
    List<String> operands = new ArrayList<>();
    for (int i = 0; i < why.operands().get(variable).size(); i++) {
      operands.add(why.operands().get(variable).get(i) + " = " + shown(values.get(first + i)));
    }
    return line
        + "  is "
        + label
        + ": "
        + why.definitions().get(variable)
        + (operands.isEmpty() ? "" : " with " + String.join(", ", operands));
  }

  private static String shown(@Nullable String value) {
    return value == null ? "NULL" : value;
  }
}
