package dev.aevum.planner.explain;

import dev.aevum.model.batch.Schema;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.text.IntervalText;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.*;
import dev.aevum.planner.plan.PlanNode.RecursiveNode;
import dev.aevum.planner.plan.PlanNode.WorkingTableNode;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.plan.Traits;
import dev.aevum.planner.plan.Traits.TimeColumn;
import dev.aevum.planner.plan.WindowFrame;
import dev.aevum.planner.plan.function.FunctionSignature;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A plan as a tree of lines, the root first, each input indented below its node: `Operator what
/// [changes, key(...)] wl(...) state: ...`. A part that occurs again is printed once, marked
/// `shared #1`, and as one line `as #1` where it occurs again.
public final class PlanPrinter {
  private PlanPrinter() {}

  /// EXPLAIN of a continuous query: with changelog kind, keys, watermark and state.
  public static List<String> view(PlanNode root) {
    return viewTree(root).lines();
  }

  /// The same as a tree.
  public static ExplainedNode viewTree(PlanNode root) {
    return explained(root, new Shared(root));
  }

  /// EXPLAIN of an ad-hoc query.
  public static List<String> query(PlanNode root) {
    return queryTree(root).lines();
  }

  /// The same as a tree.
  public static ExplainedNode queryTree(PlanNode root) {
    return explained(root, null);
  }

  /// Parts of a view's plan that occur more than once, numbered as they are printed. They run once.
  private static final class Shared {
    private final Map<PlanNode, Integer> occurrences = new HashMap<>();
    private final Map<PlanNode, Integer> numbers = new HashMap<>();

    Shared(PlanNode root) {
      count(root);
    }

    private void count(PlanNode node) {
      if (occurrences.merge(node, 1, Integer::sum) == 1) {
        node.inputs().forEach(this::count);
      }
    }

    /// The number that an earlier line gave to the same part; null at its first.
    @Nullable Integer earlier(PlanNode node) {
      return numbers.get(node);
    }

    /// What to print at the first occurrence of a shared part.
    String mark(PlanNode node) {
      if (occurrences.getOrDefault(node, 0) < 2) {
        return "";
      }
      numbers.put(node, numbers.size() + 1);
      return "  shared #" + numbers.size();
    }
  }

  /// A hash of the plan's text that is the same in every run and version that prints it the same:
  /// state belongs to it.
  public static String fingerprint(PlanNode root) {
    try {
      List<String> lines = view(root);
      types(root, lines);
      byte[] text = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text);
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void types(PlanNode node, List<String> lines) {
    String relation = node instanceof ScanNode scan ? "#" + scan.relation() + " " : "";
    lines.add(
        node.schema().fields().stream()
            .map(f -> f.type().displayName() + (f.nullable() ? "?" : ""))
            .collect(Collectors.joining(",", relation, "")));
    if (node instanceof SequenceNode sequence) {
      sequence.calls().stream()
          .filter(call -> call.function().layout() > 1)
          .forEach(call -> lines.add("layout " + call.function().layout()));
    }
    node.inputs().forEach(input -> types(input, lines));
  }

  /// `shared` null: an ad-hoc query, without traits.
  private static ExplainedNode explained(PlanNode node, @Nullable Shared shared) {
    String line = what(node);
    Integer earlier = shared == null ? null : shared.earlier(node);
    if (earlier != null) {
      return new ExplainedNode(line + "  as #" + earlier, List.of(), List.of());
    }
    List<String> properties = List.of();
    if (node instanceof MatchNode n) {
      line += shared == null ? "" : MatchText.mode(n);
      properties = new MatchText(n.input().schema(), n.match()).details(n.schema());
    }
    line += shared == null ? "" : traits(node) + shared.mark(node);
    List<ExplainedNode> inputs = new ArrayList<>();
    for (PlanNode input : node.inputs()) {
      inputs.add(explained(input, shared));
    }
    return new ExplainedNode(line, properties, inputs);
  }

  private static String names(Schema schema, List<Integer> columns) {
    return columns.stream().map(c -> schema.field(c).name()).collect(Collectors.joining(", "));
  }

  private static String all(Schema schema) {
    return schema.fields().stream().map(f -> f.name()).collect(Collectors.joining(", "));
  }

  private static String traits(PlanNode node) {
    Traits traits = node.traits();
    StringBuilder text =
        new StringBuilder("  [").append(traits.appendOnly() ? "append" : "retract");
    if (!traits.uniqueKeys().isEmpty()) {
      text.append(", key(")
          .append(names(node.schema(), traits.uniqueKeys().getFirst()))
          .append(')');
    }
    text.append(']');
    if (!traits.timeColumns().isEmpty()) {
      text.append("  wl(");
      text.append(
          traits.timeColumns().stream()
              .map(t -> time(node.schema(), t))
              .collect(Collectors.joining(", ")));
      text.append(')');
    }
    if (!traits.stateNote().equals("none")) {
      text.append("  state: ").append(traits.stateNote());
    }
    return text.toString();
  }

  private static String time(Schema schema, TimeColumn time) {
    String name = schema.field(time.column()).name();
    return time.offsetMicros() == 0
        ? name
        : name + (time.offsetMicros() > 0 ? "+" : "") + time.offsetMicros() + "us";
  }

  private static String what(PlanNode node) {
    return switch (node) {
      case ScanNode n ->
          "Scan "
              + n.name()
              + " ("
              + all(n.schema())
              + ")"
              + (n.watermark() ? " late->aside" : "")
              + (n.keyPrefix().isEmpty()
                  ? ""
                  : " key " + exprs(new ExprText(n.schema()), n.keyPrefix()));
      case ValuesNode n -> "Values " + n.rows().size() + " rows (" + all(n.schema()) + ")";
      case CalcNode n -> calc(n);
      case WindowNode n -> window(n);
      case AggregateNode n -> aggregate(n);
      case PartialAggregateNode n ->
          "PartialAggregate by("
              + names(n.input().schema(), n.groupKeys())
              + ") "
              + calls(n.input().schema(), n.calls());
      case JoinNode n -> join(n);
      case CorrelateNode n -> "Correlate " + n.kind() + " #" + n.correlation();
      case UnionAllNode n -> "UnionAll";
      case SetOperationNode n -> n.kind().name();
      case RecursiveNode n -> "Recursive" + (n.all() ? " all" : "") + " #" + n.table();
      case WorkingTableNode n -> "WorkingTable #" + n.table();
      case SortNode n -> sort(n);
      case OverNode n ->
          "Over partition("
              + names(n.input().schema(), n.partitionBy())
              + ") order("
              + keys(n.input().schema(), n.orderBy())
              + ") "
              + over(n);
      case TableFunctionNode n ->
          "TableFunction "
              + exprs(new ExprText(n.input().schema()), n.functions())
              + (n.ordinality() ? " with ordinality" : "")
              + (n.outer() ? " outer" : "");
      case SingleRowNode n -> "SingleRow";
      case ExchangeNode n ->
          n.keys().isEmpty()
              ? "Exchange single"
              : "Exchange hash(" + names(n.schema(), n.keys()) + ")";
      case SequenceNode n ->
          "Sequence "
              + n.calls().stream()
                  .map(c ->
                      c.function().name()
                          + "("
                          + names(n.input().schema(), c.arguments())
                          + ")"
                          + options(c.options()))
                  .collect(Collectors.joining(", "))
              + " partition("
              + names(n.input().schema(), n.partitionBy())
              + ") order("
              + n.input().schema().field(n.timeColumn()).name()
              + ") model input: "
              + (n.revising()
                  ? (n.provisional() && n.time() != null ? "provisional" : n.frame().shown())
                  : "append-only");
      case ForecastNode n ->
          "Forecast by("
              + names(n.schema(), IntStream.range(0, n.keys()).boxed().toList())
              + ") step "
              + seconds(n.stepMicros())
              + (n.everyMicros() > 0 ? " every " + seconds(n.everyMicros()) : "")
              + (n.history() ? " history" : "");
      case MatchNode n -> match(n);
      case LearnNode n -> ModelText.learn(n);
      case PredictNode n -> ModelText.predict(n);
      case CloseGateNode n -> "CloseGate " + n.schema().field(n.timeColumn()).name();
    };
  }

  private static String match(MatchNode n) {
    Schema in = n.input().schema();
    return "MatchRecognize partition("
        + names(in, n.partitionBy())
        + ") order("
        + keys(in, n.orderBy())
        + ") "
        + new MatchText(in, n.match()).summary();
  }

  private static String exprs(ExprText text, List<? extends Expr> exprs) {
    return exprs.stream().map(text::of).collect(Collectors.joining(", "));
  }

  private static String calc(CalcNode n) {
    ExprText text = new ExprText(n.input().schema());
    List<String> items = new ArrayList<>();
    for (int i = 0; i < n.projections().size(); i++) {
      String value = text.of(n.projections().get(i));
      String name = n.schema().field(i).name();
      items.add(value.equals(name) ? value : value + " AS " + name);
    }
    String filter = n.filter() == null ? "" : " where " + text.of(n.filter());
    return "Calc " + String.join(", ", items) + filter;
  }

  private static String window(WindowNode n) {
    boolean tumble = n.sizeMicros() == n.slideMicros();
    String column = n.input().schema().field(n.timeColumn()).name();
    return (tumble ? "Tumble " : "Hop ")
        + column
        + (tumble ? "" : " slide " + seconds(n.slideMicros()))
        + " size "
        + seconds(n.sizeMicros())
        + (n.offsetMicros() == 0 ? "" : " offset " + seconds(n.offsetMicros()));
  }

  private static String options(Map<String, Object> options) {
    return new TreeMap<>(options)
        .entrySet().stream()
            .map(e ->
                e.getKey()
                    + "="
                    + (e.getValue() instanceof IntervalValue i ? interval(i) : e.getValue()))
            .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String interval(IntervalValue value) {
    ByteSink text = new ByteSink();
    IntervalText.format(value.months(), value.days(), value.micros(), text);
    return text.toText(0);
  }

  static String seconds(long micros) {
    return micros % 1_000_000 == 0 ? micros / 1_000_000 + "s" : micros + "us";
  }

  private static final Set<String> KEEPING_VALUES =
      Set.of("approx_count_distinct", "hll_sketch", "approx_top_k", "topk_sketch", "merge");

  private static String aggregate(AggregateNode n) {
    Schema in = n.input().schema();
    StringBuilder text =
        new StringBuilder(n.partialOf() == null ? "Aggregate by(" : "Aggregate partials by(")
            .append(names(in, n.groupKeys()))
            .append(')');
    if (!n.calls().isEmpty()) {
      text.append(' ').append(calls(n.callSchema(), n.calls()));
      text.append(exactness(n));
    }
    if (n.closeKey() >= 0) {
      text.append(n.emitOnClose() ? " emit on close " : " close ");
      text.append(n.schema().field(n.closeKey()).name());
    }
    return text.toString();
  }

  /// Sketches that cannot take rows back are made of kept values where the input may.
  private static String exactness(AggregateNode n) {
    if (n.input().traits().appendOnly() || n.traits().equals(Traits.UNKNOWN)) {
      return "";
    }
    boolean keeps =
        n.calls().stream()
            .anyMatch(c ->
                KEEPING_VALUES.contains(c.function().name())
                    || c.function().binding() != null
                        && c.function().binding().values().contains("rank"));
    return keeps ? " [input retracts: exact counts per value]" : "";
  }

  private static String calls(Schema in, List<AggregateCall> calls) {
    return calls.stream().map(c -> call(in, c)).collect(Collectors.joining(", "));
  }

  private static String over(OverNode n) {
    List<String> calls = new ArrayList<>();
    for (int i = 0; i < n.calls().size(); i++) {
      WindowFrame frame = n.frames().get(i);
      calls.add(
          call(n.input().schema(), n.calls().get(i))
              + (frame.equals(WindowFrame.DEFAULT) ? "" : " " + frame));
    }
    return String.join(", ", calls);
  }

  private static String call(Schema in, AggregateCall call) {
    String arguments =
        call.arguments().isEmpty() && call.function().name().equals("count")
            ? "*"
            : arguments(in, call);
    return call.function().name()
        + "("
        + (call.distinct() ? "distinct " : "")
        + arguments
        + (call.orderBy().isEmpty() ? "" : " order by " + keys(in, call.orderBy()))
        + ")"
        + (call.filter() < 0 ? "" : " filter " + in.field(call.filter()).name());
  }

  /// Columns and constants in their places.
  private static String arguments(Schema in, AggregateCall call) {
    FunctionSignature.Binding binding = call.function().binding();
    if (binding == null) {
      return names(in, call.arguments());
    }
    List<String> all = new ArrayList<>();
    Iterator<Integer> columns = call.arguments().iterator();
    for (Object value : binding.values()) {
      all.add(
          value == null
              ? in.field(columns.next()).name()
              : value instanceof String ? "'" + value + "'" : value.toString());
    }
    return String.join(", ", all);
  }

  private static String keys(Schema in, List<SortKey> keys) {
    return keys.stream()
        .map(k ->
            in.field(k.column()).name()
                + (k.descending() ? " desc" : "")
                + (k.nullsFirst() == k.descending()
                    ? ""
                    : k.nullsFirst() ? " nulls first" : " nulls last"))
        .collect(Collectors.joining(", "));
  }

  private static String join(JoinNode n) {
    List<String> on = new ArrayList<>();
    for (int i = 0; i < n.leftKeys().size(); i++) {
      String operator = n.nullSafe().get(i) ? " is " : " = ";
      on.add(
          n.left().schema().field(n.leftKeys().get(i)).name()
              + operator
              + n.right().schema().field(n.rightKeys().get(i)).name());
    }
    StringBuilder text = new StringBuilder("Join ").append(n.kind());
    text.append(on.isEmpty() ? " nested loop" : " on " + String.join(", ", on));
    if (n.residual() != null) {
      List<String> row = new ArrayList<>();
      n.left().schema().fields().forEach(f -> row.add(f.name()));
      n.right().schema().fields().forEach(f -> row.add(f.name()));
      text.append(" where ").append(new ExprText(row).of(n.residual()));
    }
    return text.toString();
  }

  private static String sort(SortNode n) {
    ExprText text = new ExprText(n.schema());
    return (n.keys().isEmpty() ? "Limit" : "Sort " + keys(n.schema(), n.keys()))
        + (n.limit() == null ? "" : " limit " + text.of(n.limit()))
        + (n.offset() == null ? "" : " offset " + text.of(n.offset()));
  }
}
