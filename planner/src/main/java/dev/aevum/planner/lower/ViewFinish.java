package dev.aevum.planner.lower;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.parser.statement.EmitClause;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.error.PatternErrors;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.lower.RelLowering.MatchPlace;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.*;
import dev.aevum.planner.plan.PlanNode.RecursiveNode;
import dev.aevum.planner.plan.PlanNode.WorkingTableNode;
import dev.aevum.planner.plan.Traits;
import dev.aevum.planner.plan.Traits.TimeColumn;
import dev.aevum.planner.plan.ViewOptions;
import dev.aevum.planner.plan.ViewPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The last steps of a view: columns pruned, traits derived, exchanges put in, groups closed by
/// watermark, output gated, late rows judged where a watermark is used.
public final class ViewFinish {
  private final Map<Integer, RelationInfo.Stored> relations;
  private final @Nullable EmitClause emit;
  private final ViewOptions options;
  private final TraitDerivation derivation;
  private final Iterator<MatchPlace> matches;

  /// `matches`: how each MATCH_RECOGNIZE was written, inputs before the nodes over them.
  public ViewFinish(
      Map<Integer, RelationInfo.Stored> relations,
      @Nullable EmitClause emit,
      ViewOptions options,
      List<MatchPlace> matches) {
    this.relations = relations;
    this.emit = emit;
    this.options = options;
    this.derivation = new TraitDerivation(relations);
    this.matches = List.copyOf(matches).iterator();
  }

  public ViewPlan finish(PlanNode lowered, List<String> names) {
    PlanNode root = physical(OutputRow.named(ColumnPruning.prune(lowered), names));
    if (emit instanceof EmitClause.OnWindowClose close) {
      root = onClose(root, close);
    }
    Set<Integer> judged = new HashSet<>();
    findJudged(root, false, judged);
    root = markWatermarks(root, judged);
    List<String> warnings = new ArrayList<>();
    checkState(root, warnings);
    List<List<Integer>> keys = root.traits().uniqueKeys();
    return new ViewPlan(root, keys.isEmpty() ? List.of() : keys.getFirst(), warnings);
  }

  /// Bottom-up: traits, exchanges, close keys.
  private PlanNode physical(PlanNode node) {
    List<PlanNode> inputs = new ArrayList<>();
    for (PlanNode input : node.inputs()) {
      inputs.add(physical(input));
    }
    return switch (node) {
      case AggregateNode n -> aggregate(n, inputs.getFirst());
      case PartialAggregateNode n -> derived(PlanNodes.withInputs(n, inputs));
      case JoinNode n -> join(n, inputs);
      case ScanNode n -> derived(n);
      case ValuesNode n -> derived(n);
      case CalcNode n -> derived(PlanNodes.withInputs(n, inputs));
      case WindowNode n -> derived(PlanNodes.withInputs(n, inputs));
      case UnionAllNode n -> derived(PlanNodes.withInputs(n, inputs));
      case MatchNode n -> match(n, inputs.getFirst());
      case SequenceNode n -> sequence(n, inputs.getFirst());
      case ForecastNode n -> forecast(n, inputs.getFirst());
      case LearnNode n -> learn(n, inputs.getFirst());
      case PredictNode n -> predict(n, inputs.get(0), inputs.get(1));
      case CorrelateNode n -> throw adHoc("a correlated sub-query");
      case SetOperationNode n -> throw adHoc(n.kind().name());
      case RecursiveNode n -> throw adHoc("WITH RECURSIVE");
      case WorkingTableNode n -> throw adHoc("WITH RECURSIVE");
      case SortNode n -> throw adHoc("ORDER BY or LIMIT");
      case OverNode n -> throw adHoc("a window function");
      case TableFunctionNode n -> throw adHoc("a set-returning function");
      case SingleRowNode n -> throw adHoc("a scalar sub-query");
      case ExchangeNode n -> derived(PlanNodes.withInputs(n, inputs));
      case CloseGateNode n -> derived(PlanNodes.withInputs(n, inputs));
    };
  }

  private static SqlException adHoc(String construct) {
    return StatementErrors.notInView(construct, null);
  }

  private PlanNode derived(PlanNode node) {
    return PlanNodes.withTraits(node, derivation.of(node));
  }

  private PlanNode exchange(PlanNode input, List<Integer> keys) {
    return derived(new ExchangeNode(input, keys, input.schema(), Traits.UNKNOWN));
  }

  private PlanNode aggregate(AggregateNode written, PlanNode finished) {
    AggregateNode n =
        new HopPanes(this::derived)
            .rewrite((AggregateNode) PlanNodes.withInputs(written, List.of(finished)));
    PlanNode input = n.input();
    @Nullable Distribution present = Distribution.of(input);
    boolean fits = present != null && present.groups(n.groupKeys());
    PlanNode placed = fits ? input : exchange(input, n.groupKeys());
    AggregateNode over = (AggregateNode) PlanNodes.withInputs(n, List.of(placed));
    int closeKey = TraitDerivation.closeKey(over);
    return derived(
        new AggregateNode(
            placed,
            n.groupKeys(),
            n.calls(),
            closeKey,
            false,
            n.partialOf(),
            n.schema(),
            Traits.UNKNOWN));
  }

  private PlanNode join(JoinNode n, List<PlanNode> inputs) {
    if (n.kind() != JoinKind.INNER) {
      throw adHoc(n.kind() + " JOIN");
    }
    if (n.leftKeys().isEmpty()) {
      throw new SqlException(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "a join without an equality between its sides is not supported in a materialized view",
          null,
          "Add a condition of the form a.x = b.y to the join.",
          null,
          null);
    }
    PlanNode left = inputs.get(0);
    PlanNode right = inputs.get(1);
    if (!isOn(left, n.leftKeys()) || !isOn(right, n.rightKeys())) {
      left = isOn(left, n.leftKeys()) ? left : exchange(left, n.leftKeys());
      right = isOn(right, n.rightKeys()) ? right : exchange(right, n.rightKeys());
    }
    return derived(PlanNodes.withInputs(n, List.of(left, right)));
  }

  /// Matches over a stream in the order of its watermark are final, all others are revised.
  private PlanNode match(MatchNode n, PlanNode input) {
    MatchPlace place = matches.next();
    Traits traits = input.traits();
    boolean byTime =
        traits.appendOnly()
            && traits.timeColumns().stream().anyMatch(t -> t.column() == n.timeColumn());
    boolean revise = emit instanceof EmitClause.OnUpdate;
    if (emit instanceof EmitClause.OnWindowClose && !byTime) {
      throw PatternErrors.notFinal(place.span());
    }
    if (traits.appendOnly() && !place.ordered()) {
      throw PatternErrors.orderMissing(place.span());
    }
    @Nullable String time = byTime || revise ? null : streamTime(input);
    if (time != null) {
      throw PatternErrors.notByTime(time, place.span());
    }
    return derived(
        new MatchNode(
            exchange(input, n.partitionBy()),
            n.partitionBy(),
            n.orderBy(),
            n.match(),
            n.timeColumn(),
            revise || !byTime,
            options.maxRowsPerPartition(),
            n.schema(),
            Traits.UNKNOWN));
  }

  /// The time column of the stream that filters and projections above it read; null for any other
  /// input.
  private @Nullable String streamTime(PlanNode node) {
    if (node instanceof CalcNode calc) {
      return streamTime(calc.input());
    }
    if (!(node instanceof ScanNode scan)) {
      return null;
    }
    RelationInfo.Stored relation = Objects.requireNonNull(relations.get(scan.relation()));
    return relation.appendOnly() && relation.watermark() != null
        ? relation.columns().field(relation.watermark().column()).name()
        : null;
  }

  private PlanNode sequence(SequenceNode n, PlanNode input) {
    String function = n.calls().getFirst().function().name();
    @Nullable TimeColumn time =
        input.traits().timeColumns().stream()
            .filter(t -> t.column() == n.timeColumn())
            .findFirst()
            .orElse(null);
    if (time == null && input.traits().appendOnly()) {
      throw new SqlException(
          ErrorCode.WINDOWING_ERROR,
          function + " must be ordered by a time column with a watermark",
          null,
          "Declare WATERMARK FOR the column in CREATE STREAM, and ORDER BY it alone, ascending.",
          null,
          null);
    }
    boolean provisional = emit instanceof EmitClause.OnUpdate;
    // The limit is for all keys together.
    List<Integer> keys = n.frame().maxKeys() > 0 ? List.of() : n.partitionBy();
    return derived(
        new SequenceNode(
            exchange(input, keys),
            n.partitionBy(),
            n.timeColumn(),
            n.calls(),
            provisional,
            n.schema(),
            Traits.UNKNOWN));
  }

  private PlanNode forecast(ForecastNode n, PlanNode input) {
    List<Integer> keys = IntStream.range(0, n.keys()).boxed().toList();
    return derived(
        PlanNodes.withInputs(n, List.of(isOn(input, keys) ? input : exchange(input, keys))));
  }

  private PlanNode learn(LearnNode n, PlanNode input) {
    List<Integer> partition = first(n.spec().partition().size());
    return derived(PlanNodes.withInputs(n, List.of(exchange(input, partition))));
  }

  private PlanNode predict(PredictNode n, PlanNode input, PlanNode model) {
    PlanNode rows = exchange(input, n.partitionBy());
    PlanNode versions = exchange(model, first(n.spec().partition().size()));
    return derived(
        new PredictNode(
            rows,
            versions,
            n.spec(),
            n.arguments(),
            n.kind(),
            options.refreshPredictions(),
            n.schema(),
            Traits.UNKNOWN));
  }

  private static List<Integer> first(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  /// The columns by which the rows of a query become final.
  public List<TimeColumn> timeColumns(PlanNode lowered) {
    return physical(ColumnPruning.prune(lowered)).traits().timeColumns();
  }

  private static boolean isOn(PlanNode node, List<Integer> keys) {
    @Nullable Distribution present = Distribution.of(node);
    return present != null && present.keys().equals(keys);
  }

  /// EMIT ON WINDOW CLOSE: in the top aggregate where only calcs are above it, else a gate at the
  /// top.
  private PlanNode onClose(PlanNode root, EmitClause.OnWindowClose close) {
    @Nullable PlanNode pushed = pushClose(root);
    if (pushed != null) {
      return pushed;
    }
    if (isFinal(root) || isEmpty(root)) {
      return root;
    }
    TimeColumn time =
        root.traits().timeColumns().stream()
            .max(Comparator.comparingLong(TimeColumn::offsetMicros))
            .orElseThrow(() -> notClosable(close));
    return derived(
        new CloseGateNode(root, time.column(), time.offsetMicros(), root.schema(), Traits.UNKNOWN));
  }

  /// Matches that are given once they are certain.
  private static boolean isFinal(PlanNode node) {
    return switch (node) {
      case CalcNode n -> isFinal(n.input());
      case MatchNode n -> !n.revising();
      case SequenceNode n -> !n.revising();
      default -> false;
    };
  }

  /// Of a condition that never holds nothing is left that could close.
  private static boolean isEmpty(PlanNode node) {
    return switch (node) {
      case ValuesNode n -> n.rows().isEmpty();
      case CalcNode n -> isEmpty(n.input());
      case ExchangeNode n -> isEmpty(n.input());
      case AggregateNode n -> !n.groupKeys().isEmpty() && isEmpty(n.input());
      default -> false;
    };
  }

  private @Nullable PlanNode pushClose(PlanNode node) {
    if (node instanceof AggregateNode n && n.closeKey() >= 0) {
      return derived(
          new AggregateNode(
              n.input(),
              n.groupKeys(),
              n.calls(),
              n.closeKey(),
              true,
              n.partialOf(),
              n.schema(),
              n.traits()));
    }
    if (node instanceof CalcNode n) {
      @Nullable PlanNode below = pushClose(n.input());
      return below == null ? null : derived(PlanNodes.withInputs(n, List.of(below)));
    }
    return null;
  }

  private SqlException notClosable(EmitClause.OnWindowClose close) {
    boolean watermarks = relations.values().stream().anyMatch(r -> r.watermark() != null);
    String hint =
        watermarks
            ? "Group by window_start and window_end of a window over the stream's time column, or select such a column."
            : "Declare WATERMARK FOR a time column of the stream, and read it through TUMBLE or HOP.";
    return new SqlException(
        ErrorCode.INVALID_TABLE_DEFINITION,
        watermarks
            ? "EMIT ON WINDOW CLOSE needs a result column by which rows become final"
            : "EMIT ON WINDOW CLOSE needs an input with a watermark",
        null,
        hint,
        close.span(),
        null);
  }

  /// Top-down: the relations with a watermark that an operator above a scan of them acts on.
  private void findJudged(PlanNode node, boolean used, Set<Integer> judged) {
    if (used
        && node instanceof ScanNode n
        && watermarkColumn(n) != null
        && n.columns().contains(watermarkColumn(n))) {
      judged.add(n.relation());
    }
    boolean acts =
        node instanceof AggregateNode a && a.closeKey() >= 0
            || node instanceof CloseGateNode
            || node instanceof MatchNode m && !m.revising()
            || node instanceof SequenceNode s && s.time() != null
            || node instanceof LearnNode l && l.timed()
            || node instanceof JoinNode j && !j.traits().timeColumns().isEmpty();
    node.inputs().forEach(input -> findJudged(input, used || acts, judged));
  }

  private @Nullable Integer watermarkColumn(ScanNode n) {
    RelationInfo.@Nullable Watermark watermark =
        Objects.requireNonNull(relations.get(n.relation())).watermark();
    return watermark == null ? null : watermark.column();
  }

  /// Lateness is judged once per view: all scans of a judged relation refuse the same rows, those
  /// that do not need the time column too.
  private PlanNode markWatermarks(PlanNode node, Set<Integer> judged) {
    if (node instanceof ScanNode n) {
      return judged.contains(n.relation()) ? judging(n) : n;
    }
    List<PlanNode> inputs = new ArrayList<>();
    for (PlanNode input : node.inputs()) {
      inputs.add(markWatermarks(input, judged));
    }
    return inputs.isEmpty() ? node : PlanNodes.withInputs(node, inputs);
  }

  private PlanNode judging(ScanNode n) {
    int time = Objects.requireNonNull(watermarkColumn(n));
    if (n.columns().contains(time)) {
      return new ScanNode(
          n.relation(), n.name(), n.columns(), true, n.keyPrefix(), n.schema(), n.traits());
    }
    List<Integer> columns = new ArrayList<>(n.columns());
    columns.add(time);
    List<Field> fields = new ArrayList<>(n.schema().fields());
    fields.add(Objects.requireNonNull(relations.get(n.relation())).columns().field(time));
    PlanNode scan =
        derived(
            new ScanNode(
                n.relation(),
                n.name(),
                columns,
                true,
                n.keyPrefix(),
                new Schema(fields),
                Traits.UNKNOWN));
    List<Expr> kept = new ArrayList<>();
    for (int i = 0; i < n.schema().size(); i++) {
      Field field = n.schema().field(i);
      kept.add(new Expr.ColumnRef(i, field.type(), field.nullable()));
    }
    return derived(new CalcNode(scan, null, kept, n.schema(), Traits.UNKNOWN));
  }

  private void checkState(PlanNode node, List<String> warnings) {
    for (PlanNode input : node.inputs()) {
      checkState(input, warnings);
    }
    if (!node.traits().stateNote().startsWith("grows with") || !readsStream(node)) {
      return;
    }
    if (options.requireBounded()) {
      throw new SqlException(
          ErrorCode.INVALID_TABLE_DEFINITION,
          "state of " + what(node) + " is not bounded: it " + node.traits().stateNote(),
          null,
          remedy(node) + ", or leave out require_bounded_state.",
          null,
          null);
    }
    boolean isOpenMatch =
        node instanceof MatchNode && !node.traits().stateNote().startsWith("grows with distinct");
    if (node instanceof JoinNode || isOpenMatch) {
      warnings.add("state of " + what(node) + " " + node.traits().stateNote() + " without bound");
    }
  }

  private static String what(PlanNode node) {
    return node instanceof JoinNode
        ? "a join"
        : node instanceof MatchNode ? "a row pattern" : "an aggregate";
  }

  private static String remedy(PlanNode node) {
    return node instanceof MatchNode n
        ? n.revising()
            ? "Order by a time column with a watermark and add WITHIN to the pattern, without EMIT ON UPDATE"
            : "Limit the time of a match: PATTERN (...) WITHIN INTERVAL '1 hour'"
        : "Group or join by a window over a time column with a watermark";
  }

  private boolean readsStream(PlanNode node) {
    if (node instanceof ScanNode n) {
      return Objects.requireNonNull(relations.get(n.relation())).appendOnly();
    }
    return node.inputs().stream().anyMatch(this::readsStream);
  }
}
