package dev.aevum.planner.plan;

import dev.aevum.model.batch.Schema;
import dev.aevum.planner.plan.function.SequenceFrame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A node of a plan tree. `schema` is the output's, `traits` what is known of it. Nodes marked
/// *ad-hoc* have no incremental form: the planner refuses them in views (0A000).
public sealed interface PlanNode {
  Schema schema();

  Traits traits();

  List<PlanNode> inputs();

  /// Changes of a stream, table or view: columns `columns` of relation `relation` (object id), in
  /// that order. `watermark`: this scan judges lateness by the stream's watermark (some operator
  /// above uses it): rows below it go the late route. `keyPrefix` (ad-hoc only): values for a
  /// prefix of the relation's key: a point or prefix read.
  record ScanNode(
      int relation,
      String name,
      List<Integer> columns,
      boolean watermark,
      List<Expr> keyPrefix,
      Schema schema,
      Traits traits)
      implements PlanNode {
    public ScanNode {
      columns = List.copyOf(columns);
      keyPrefix = List.copyOf(keyPrefix);
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of();
    }
  }

  record ValuesNode(List<List<Expr>> rows, Schema schema, Traits traits) implements PlanNode {
    @Override
    public List<PlanNode> inputs() {
      return List.of();
    }
  }

  /// Filter, then project. Linear.
  record CalcNode(
      PlanNode input, @Nullable Expr filter, List<Expr> projections, Schema schema, Traits traits)
      implements PlanNode {
    public CalcNode {
      projections = List.copyOf(projections);
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }
  }

  /// Adds window_start, window_end, window_time (timestamps of the time column's type) after the
  /// input's columns; HOP gives a row per window. All figures in microseconds; TUMBLE is HOP with
  /// slide = size. Rows whose time is NULL have no window: dropped, counted.
  record WindowNode(
      PlanNode input,
      int timeColumn,
      long sizeMicros,
      long slideMicros,
      long offsetMicros,
      Schema schema,
      Traits traits)
      implements PlanNode {
    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }
  }

  /// GROUP BY `groupKeys`: output columns are the keys, then the calls. No keys: one row, also over
  /// no input. No calls: DISTINCT. `closeKey`: position in groupKeys of a time column by which
  /// groups are final and their state is dropped (-1: none); `emitOnClose`: a group's row is
  /// emitted once, when it is final (needs closeKey). `partialOf`: null, or the schema of a
  /// [PartialAggregateNode]'s input: then the last column of this node's input holds partial groups
  /// of that node, which are added up, and the calls' columns are those of `partialOf`.
  record AggregateNode(
      PlanNode input,
      List<Integer> groupKeys,
      List<AggregateCall> calls,
      int closeKey,
      boolean emitOnClose,
      @Nullable Schema partialOf,
      Schema schema,
      Traits traits)
      implements PlanNode {
    public AggregateNode {
      groupKeys = List.copyOf(groupKeys);
      calls = List.copyOf(calls);
    }

    /// An aggregate of rows.
    public AggregateNode(
        PlanNode input,
        List<Integer> groupKeys,
        List<AggregateCall> calls,
        int closeKey,
        boolean emitOnClose,
        Schema schema,
        Traits traits) {
      this(input, groupKeys, calls, closeKey, emitOnClose, null, schema, traits);
    }

    /// What the calls' columns are columns of.
    public Schema callSchema() {
      return partialOf == null ? input.schema() : partialOf;
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }
  }

  /// Adds up the rows of one step, or of a part of it, by `groupKeys`: output is the keys, then a
  /// bytea column with the group as an [AggregateNode] of the same calls keeps it. Several partial
  /// groups of one key are allowed; each has weight +1, the rows' weights are in it. Keeps nothing
  /// from step to step. Views only; keys whose bytes tell them, calls without DISTINCT that add up.
  record PartialAggregateNode(
      PlanNode input,
      List<Integer> groupKeys,
      List<AggregateCall> calls,
      Schema schema,
      Traits traits)
      implements PlanNode {
    public PartialAggregateNode {
      groupKeys = List.copyOf(groupKeys);
      calls = List.copyOf(calls);
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }
  }

  enum JoinKind {
    INNER,
    LEFT,
    RIGHT,
    FULL,
    SEMI,
    ANTI
  }

  /// Equi-join on `leftKeys[i] = rightKeys[i]` (same types; NULLs match where `nullSafe[i]`) and
  /// `residual` over left ++ right. Output: left columns, then right ones (SEMI, ANTI: left only).
  /// All but INNER: ad-hoc. Without keys: nested loops, ad-hoc.
  record JoinNode(
      PlanNode left,
      PlanNode right,
      JoinKind kind,
      List<Integer> leftKeys,
      List<Integer> rightKeys,
      List<Boolean> nullSafe,
      @Nullable Expr residual,
      Schema schema,
      Traits traits)
      implements PlanNode {
    public JoinNode {
      leftKeys = List.copyOf(leftKeys);
      rightKeys = List.copyOf(rightKeys);
      nullSafe = List.copyOf(nullSafe);
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(left, right);
    }
  }

  /// For each left row, `right` evaluated with that row's columns as [Expr.OuterRef]s of
  /// `correlation`. *Ad-hoc.*
  record CorrelateNode(
      PlanNode left, PlanNode right, int correlation, JoinKind kind, Schema schema, Traits traits)
      implements PlanNode {
    @Override
    public List<PlanNode> inputs() {
      return List.of(left, right);
    }
  }

  record UnionAllNode(List<PlanNode> inputs, Schema schema, Traits traits) implements PlanNode {
    public UnionAllNode {
      inputs = List.copyOf(inputs);
    }
  }

  enum SetKind {
    INTERSECT,
    INTERSECT_ALL,
    EXCEPT,
    EXCEPT_ALL
  }

  /// *Ad-hoc.*
  record SetOperationNode(SetKind kind, PlanNode left, PlanNode right, Schema schema, Traits traits)
      implements PlanNode {
    @Override
    public List<PlanNode> inputs() {
      return List.of(left, right);
    }
  }

  /// WITH RECURSIVE: the rows of `start`, then again and again those of `step` over the rows that
  /// came last, until there are none. Without `all` only rows that were not there before. *Ad-hoc.*
  ///
  /// @param table the [WorkingTableNode]s in `step` that read the rows that came last
  record RecursiveNode(
      PlanNode start, PlanNode step, int table, boolean all, Schema schema, Traits traits)
      implements PlanNode {
    @Override
    public List<PlanNode> inputs() {
      return List.of(start, step);
    }
  }

  /// The rows that came last in the [RecursiveNode] around it. *Ad-hoc.*
  record WorkingTableNode(int table, Schema schema, Traits traits) implements PlanNode {
    @Override
    public List<PlanNode> inputs() {
      return List.of();
    }
  }

  /// Rows in order, `offset` skipped, at most `limit` kept (null: all). Without keys: any order.
  /// *Ad-hoc.*
  record SortNode(
      PlanNode input,
      List<SortKey> keys,
      @Nullable Expr offset,
      @Nullable Expr limit,
      Schema schema,
      Traits traits)
      implements PlanNode {
    public SortNode {
      keys = List.copyOf(keys);
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }
  }

  /// Window functions over one partitioning and order: output is the input's columns, then one a
  /// call, each over its own frame. *Ad-hoc.*
  record OverNode(
      PlanNode input,
      List<Integer> partitionBy,
      List<SortKey> orderBy,
      List<AggregateCall> calls,
      List<WindowFrame> frames,
      Schema schema,
      Traits traits)
      implements PlanNode {
    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }
  }

  /// A set-returning function once per input row (an input of one row without columns for FROM
  /// f(...)): the input's columns, then the function's; several functions advance in step (shorter
  /// ones give NULL); `ordinality` adds a bigint column, 1-based. *Ad-hoc.*
  record TableFunctionNode(
      PlanNode input,
      List<Expr.Call> functions,
      boolean ordinality,
      boolean outer,
      Schema schema,
      Traits traits)
      implements PlanNode {
    public TableFunctionNode {
      functions = List.copyOf(functions);
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }
  }

  /// The single row of the input, a row of NULLs when there is none, error 21000 when there are
  /// more. *Ad-hoc.*
  record SingleRowNode(PlanNode input, Schema schema, Traits traits) implements PlanNode {
    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }
  }

  /// Moves each row to the worker that owns the shard of its `keys`; no keys: all rows to the
  /// worker of the empty key's shard. Below an aggregate or join the keys are its keys, in its
  /// order, so that state lies in the shards of the rows. Views only.
  record ExchangeNode(PlanNode input, List<Integer> keys, Schema schema, Traits traits)
      implements PlanNode {
    public ExchangeNode {
      keys = List.copyOf(keys);
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }
  }

  /// MATCH_RECOGNIZE: the matches of `match` in each partition, in the order of `orderBy` (equal
  /// rows by arrival). `timeColumn`: the first order column where it is an ascending timestamp, by
  /// which WITHIN and MATCH_ROWTIME measure; else -1. In a view with `revising` false the input is
  /// append-only and that column carries a watermark: rows are released in order as the watermark
  /// passes them, output is final and append-only. `revising`: every change of the input withdraws
  /// or changes the matches that it touches. Ad hoc (`revising` is false): over all rows at once.
  /// `maxRowsPerPartition`: of a view: a partition that would keep more rows for its open starts
  /// gives up the oldest start; [#NO_LIMIT] for none.
  record MatchNode(
      PlanNode input,
      List<Integer> partitionBy,
      List<SortKey> orderBy,
      MatchSpec match,
      int timeColumn,
      boolean revising,
      long maxRowsPerPartition,
      Schema schema,
      Traits traits)
      implements PlanNode {
    public static final long NO_LIMIT = -1;

    public MatchNode {
      partitionBy = List.copyOf(partitionBy);
      orderBy = List.copyOf(orderBy);
    }

    /// Without a limit of rows.
    public MatchNode(
        PlanNode input,
        List<Integer> partitionBy,
        List<SortKey> orderBy,
        MatchSpec match,
        int timeColumn,
        boolean revising,
        Schema schema,
        Traits traits) {
      this(input, partitionBy, orderBy, match, timeColumn, revising, NO_LIMIT, schema, traits);
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }
  }

  /// Sequence functions: in each partition a fold over the rows in the order of `timeColumn` (equal
  /// times by the encoded row, so that the result depends on the set of rows only). Output: the
  /// input's columns, then the results of each call. Rows whose time is NULL pass with NULL
  /// results. All calls have the same [#frame].
  ///
  /// In views rows are folded once the watermark has passed them; where `provisional`, or where the
  /// column has no watermark, at once, and results are corrected as rows come between.
  record SequenceNode(
      PlanNode input,
      List<Integer> partitionBy,
      int timeColumn,
      List<SequenceCall> calls,
      boolean provisional,
      Schema schema,
      Traits traits)
      implements PlanNode {
    public SequenceNode {
      partitionBy = List.copyOf(partitionBy);
      calls = List.copyOf(calls);
    }

    /// How the models are kept.
    public SequenceFrame frame() {
      return SequenceFrame.of(calls.getFirst().options());
    }

    /// The input's promise for the time column; null where changes come at any time.
    public Traits.@Nullable TimeColumn time() {
      return input.traits().timeColumns().stream()
          .filter(t -> t.column() == timeColumn)
          .findFirst()
          .orElse(null);
    }

    /// Whether results are corrected later on.
    public boolean revising() {
      return provisional || time() == null;
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }
  }

  /// The forecasts of each key as rows of their own. Input, in order of time for each key where it
  /// is append-only: `keys` key columns, the time that the forecasts were made at, then arrays of
  /// forecasts, lower and upper bounds, the model's name, and how many rows the step had by then; a
  /// NULL forecast says nothing. Output: the keys, the time, the step from 1, its time, forecast,
  /// lower and upper bound, model. A later input row of the key takes the place of the earlier;
  /// with `history` only of one made at the same time.
  ///
  /// @param stepMicros length of a step
  /// @param everyMicros a row is passed over that was made less after the key's last one, but not
  ///   at the same time; 0: none is
  record ForecastNode(
      PlanNode input,
      int keys,
      long stepMicros,
      long everyMicros,
      boolean history,
      Schema schema,
      Traits traits)
      implements PlanNode {
    /// The same over another input.
    public ForecastNode with(PlanNode newInput, Schema newSchema, Traits newTraits) {
      return new ForecastNode(
          newInput, keys, stepMicros, everyMicros, history, newSchema, newTraits);
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }
  }

  /// A model learns: the input's columns are those of `spec.partition()`, then the target if there
  /// is one (a number as double precision, a class as text), then the features (double precision or
  /// text), then the order if there is one. Rows are learned in the order of column `order`: once
  /// the watermark has passed it where `timed`, else at once, in that order among the rows of a
  /// step; without it (-1) those come in an order that only their values decide. Output: the
  /// partition's columns and the published bytes of its model. Views only.
  record LearnNode(
      PlanNode input, ModelSpec spec, int order, boolean timed, Schema schema, Traits traits)
      implements PlanNode {
    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }
  }

  /// What a call of predict wants of a model.
  enum PredictKind {
    /// The number, or the class as text; NULL while nothing was learned.
    VALUE,
    /// The probability of true, or of the class that is most likely.
    PROBABILITY,
    /// Cluster (integer) and distance.
    CLUSTER
  }

  /// Appends what a model predicts for each row of `input`. `model`: the rows of a [LearnNode].
  /// `arguments`: columns of the input for the model's partition, then for its features. In a view
  /// a row has the prediction of the model at the end of the step in which the row came, and keeps
  /// it; with `refresh` it follows the model.
  record PredictNode(
      PlanNode input,
      PlanNode model,
      ModelSpec spec,
      List<Integer> arguments,
      PredictKind kind,
      boolean refresh,
      Schema schema,
      Traits traits)
      implements PlanNode {
    public PredictNode {
      arguments = List.copyOf(arguments);
    }

    /// The arguments that choose the model.
    public List<Integer> partitionBy() {
      return arguments.subList(0, spec.partition().size());
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(input, model);
    }
  }

  /// EMIT ON WINDOW CLOSE above anything: holds rows until the watermark has passed `timeColumn`
  /// (see [Traits.TimeColumn]), then emits them once.
  record CloseGateNode(
      PlanNode input, int timeColumn, long offsetMicros, Schema schema, Traits traits)
      implements PlanNode {
    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }
  }
}
