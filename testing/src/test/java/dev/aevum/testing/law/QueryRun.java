package dev.aevum.testing.law;

import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.query.QueryContext;
import dev.aevum.executor.query.QueryExecution;
import dev.aevum.executor.query.RowSource;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.step.Shards;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.storage.state.memory.MemoryStateBackend;
import dev.aevum.testing.random.HistoryGenerator.Change;
import dev.aevum.testing.random.Relation;
import dev.aevum.testing.reference.Contents;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/// Plans run once, as ad-hoc queries.
final class QueryRun {
  private QueryRun() {}

  /// The rows of a plan over these rows of its relations, read in batches of `batchRows`.
  static Contents contents(
      PlanNode plan,
      List<Relation> relations,
      Map<Integer, List<List<@Nullable Object>>> rows,
      FunctionRegistry functions,
      int batchRows) {
    try (BufferAllocator allocator = new RootAllocator()) {
      EvaluationContext evaluation = new EvaluationContext(allocator, new LawEnvironment(), 0);
      QueryContext context =
          new QueryContext(
              evaluation,
              functions,
              (id, columns, prefix) ->
                  source(allocator, of(relations, id), columns, rows, batchRows),
              List.of(),
              () -> false,
              () -> new MemoryStateBackend(allocator, 0, Shards.COUNT));
      Contents contents = new Contents(plan.schema().types());
      try (RowSource source = QueryExecution.open(plan, context)) {
        for (DeltaBatch batch = source.next(); batch != null; batch = source.next()) {
          try (DeltaBatch open = batch) {
            contents.add(open);
          }
        }
      }
      return contents;
    }
  }

  private static Relation of(List<Relation> relations, int id) {
    return relations.stream().filter(r -> r.id() == id).findFirst().orElseThrow();
  }

  private static RowSource source(
      BufferAllocator allocator,
      Relation relation,
      List<Integer> columns,
      Map<Integer, List<List<@Nullable Object>>> tables,
      int batchRows) {
    List<List<@Nullable Object>> rows = tables.getOrDefault(relation.id(), List.of());
    List<List<Change>> pieces = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += batchRows) {
      pieces.add(
          rows.subList(from, Math.min(rows.size(), from + batchRows)).stream()
              .map(row -> new Change(row, 1))
              .toList());
    }
    Iterator<List<Change>> left = pieces.iterator();
    return new RowSource() {
      @Override
      public @Nullable DeltaBatch next() {
        if (!left.hasNext()) {
          return null;
        }
        try (DeltaBatch all = StepRun.batch(allocator, relation, left.next(), false)) {
          Column[] chosen = new Column[columns.size()];
          for (int i = 0; i < chosen.length; i++) {
            chosen[i] = all.column(columns.get(i)).retain();
          }
          return new DeltaBatch(all.rows(), chosen, null);
        }
      }

      @Override
      public void close() {
        // Batches are the reader's.
      }
    };
  }
}
