package dev.aevum.planner.lower;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.*;
import dev.aevum.planner.plan.PlanNode.RecursiveNode;
import dev.aevum.planner.plan.PlanNode.WorkingTableNode;
import dev.aevum.planner.plan.SequenceCall;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.plan.Traits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Drops columns that nobody needs, down to the scans, and fuses projections on the way.
final class ColumnPruning {
  /// A node with fewer columns: `positions[old]` is the new position, -1 where the column is gone.
  private record Pruned(PlanNode node, int[] positions) {
    int at(int column) {
      if (positions[column] < 0) {
        throw new IllegalStateException("column " + column + " was dropped");
      }
      return positions[column];
    }

    List<Integer> at(List<Integer> columns) {
      return columns.stream().map(this::at).toList();
    }

    Expr move(Expr expr) {
      UnaryOperator<Expr> leaf =
          e ->
              e instanceof Expr.ColumnRef ref
                  ? new Expr.ColumnRef(at(ref.index()), ref.type(), ref.nullable())
                  : e;
      return Exprs.rewrite(expr, leaf);
    }

    List<SortKey> move(List<SortKey> keys) {
      return keys.stream()
          .map(k -> new SortKey(at(k.column()), k.descending(), k.nullsFirst()))
          .toList();
    }

    AggregateCall move(AggregateCall call) {
      return new AggregateCall(
          call.function(),
          at(call.arguments()),
          call.distinct(),
          call.filter() < 0 ? -1 : at(call.filter()),
          move(call.orderBy()),
          call.type(),
          call.nullable());
    }
  }

  private ColumnPruning() {}

  /// The same rows and columns.
  static PlanNode prune(PlanNode root) {
    Pruned pruned = prune(root, all(root.schema().size()));
    return exactly(pruned, root.schema(), all(root.schema().size()));
  }

  private static BitSet all(int count) {
    BitSet set = new BitSet();
    set.set(0, count);
    return set;
  }

  /// The required columns of the original in order and nothing else.
  private static PlanNode exactly(Pruned pruned, Schema original, BitSet required) {
    List<Integer> wanted = required.stream().boxed().toList();
    List<Integer> present = pruned.at(wanted);
    boolean same = present.size() == pruned.node.schema().size();
    for (int i = 0; same && i < present.size(); i++) {
      same = present.get(i) == i;
    }
    if (same) {
      return pruned.node;
    }
    List<Expr> refs = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      Field field = pruned.node.schema().field(present.get(i));
      refs.add(new Expr.ColumnRef(present.get(i), field.type(), field.nullable()));
      fields.add(original.field(wanted.get(i)));
    }
    return CalcFusion.fuse(
        new CalcNode(pruned.node, null, refs, new Schema(fields), Traits.UNKNOWN));
  }

  private static Pruned prune(PlanNode node, BitSet required) {
    return switch (node) {
      case ScanNode n -> scan(n, required);
      case ValuesNode n -> values(n, required);
      case CalcNode n -> calc(n, required);
      case WindowNode n -> window(n, required);
      case AggregateNode n -> aggregate(n, required);
      case JoinNode n -> join(n, required);
      case CorrelateNode n -> correlate(n, required);
      case UnionAllNode n -> union(n, required);
      case RecursiveNode n ->
          whole(
              new RecursiveNode(
                  prune(n.start()), prune(n.step()), n.table(), n.all(), n.schema(), n.traits()));
      case WorkingTableNode n -> whole(n);
      case SetOperationNode n ->
          whole(
              new SetOperationNode(
                  n.kind(), prune(n.left()), prune(n.right()), n.schema(), n.traits()));
      case SortNode n -> sort(n, required);
      case OverNode n -> over(n, required);
      case MatchNode n -> match(n, required);
      case SequenceNode n -> sequence(n, required);
      case ForecastNode n -> {
        BitSet all = new BitSet();
        all.set(0, n.input().schema().size());
        Pruned input = prune(n.input(), all);
        yield new Pruned(
            PlanNodes.withInputs(n, List.of(input.node)),
            IntStream.range(0, n.schema().size()).toArray());
      }
      case LearnNode n ->
          whole(
              new LearnNode(
                  prune(n.input()), n.spec(), n.order(), n.timed(), n.schema(), n.traits()));
      case PredictNode n -> predict(n, required);
      case TableFunctionNode n -> tableFunction(n, required);
      case SingleRowNode n -> {
        Pruned input = prune(n.input(), required);
        yield new Pruned(
            new SingleRowNode(input.node, nullable(input.node.schema()), n.traits()),
            input.positions);
      }
      case PartialAggregateNode n ->
          throw new IllegalStateException("partial groups before pruning");
      case ExchangeNode n -> throw new IllegalStateException("exchange before pruning");
      case CloseGateNode n -> throw new IllegalStateException("gate before pruning");
    };
  }

  private static Schema nullable(Schema schema) {
    return new Schema(
        schema.fields().stream().map(f -> new Field(f.name(), f.type(), true)).toList());
  }

  private static Pruned whole(PlanNode node) {
    int[] positions = new int[node.schema().size()];
    Arrays.setAll(positions, i -> i);
    return new Pruned(node, positions);
  }

  private static int[] positions(int size, List<Integer> kept) {
    int[] positions = new int[size];
    Arrays.fill(positions, -1);
    for (int i = 0; i < kept.size(); i++) {
      positions[kept.get(i)] = i;
    }
    return positions;
  }

  private static Schema select(Schema schema, List<Integer> kept) {
    return new Schema(kept.stream().map(schema::field).toList());
  }

  private static Schema concat(Schema left, List<Field> right) {
    List<Field> fields = new ArrayList<>(left.fields());
    fields.addAll(right);
    return new Schema(fields);
  }

  private static void need(BitSet required, @Nullable Expr expr) {
    if (expr == null) {
      return;
    }
    if (expr instanceof Expr.ColumnRef ref) {
      required.set(ref.index());
    }
    Exprs.operands(expr).forEach(o -> need(required, o));
  }

  private static void need(BitSet required, AggregateCall call) {
    call.arguments().forEach(required::set);
    if (call.filter() >= 0) {
      required.set(call.filter());
    }
    call.orderBy().forEach(k -> required.set(k.column()));
  }

  private static Pruned scan(ScanNode n, BitSet required) {
    List<Integer> kept = required.stream().boxed().toList();
    List<Integer> columns = kept.stream().map(n.columns()::get).toList();
    ScanNode scan =
        new ScanNode(
            n.relation(),
            n.name(),
            columns,
            n.watermark(),
            n.keyPrefix(),
            select(n.schema(), kept),
            n.traits());
    return new Pruned(scan, positions(n.schema().size(), kept));
  }

  private static Pruned values(ValuesNode n, BitSet required) {
    List<Integer> kept = required.stream().boxed().toList();
    List<List<Expr>> rows = new ArrayList<>();
    for (List<Expr> row : n.rows()) {
      rows.add(kept.stream().map(row::get).toList());
    }
    return new Pruned(
        new ValuesNode(rows, select(n.schema(), kept), n.traits()),
        positions(n.schema().size(), kept));
  }

  private static Pruned calc(CalcNode n, BitSet required) {
    BitSet below = new BitSet();
    List<Integer> kept = required.stream().boxed().toList();
    kept.forEach(i -> need(below, n.projections().get(i)));
    need(below, n.filter());
    Pruned input = prune(n.input(), below);
    List<Expr> projections = new ArrayList<>();
    kept.forEach(i -> projections.add(input.move(n.projections().get(i))));
    @Nullable Expr filter = n.filter() == null ? null : input.move(n.filter());
    CalcNode calc =
        new CalcNode(input.node, filter, projections, select(n.schema(), kept), n.traits());
    return new Pruned(CalcFusion.fuse(calc), positions(n.schema().size(), kept));
  }

  private static Pruned window(WindowNode n, BitSet required) {
    int width = n.input().schema().size();
    BitSet below = required.get(0, width);
    below.set(n.timeColumn());
    Pruned input = prune(n.input(), below);
    int newWidth = input.node.schema().size();
    int[] positions = Arrays.copyOf(input.positions, width + 3);
    for (int i = 0; i < 3; i++) {
      positions[width + i] = newWidth + i;
    }
    List<Field> added = n.schema().fields().subList(width, width + 3);
    return new Pruned(
        new WindowNode(
            input.node,
            input.at(n.timeColumn()),
            n.sizeMicros(),
            n.slideMicros(),
            n.offsetMicros(),
            concat(input.node.schema(), added),
            n.traits()),
        positions);
  }

  private static Pruned aggregate(AggregateNode n, BitSet required) {
    int keys = n.groupKeys().size();
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < n.schema().size(); i++) {
      if (i < keys || required.get(i)) {
        kept.add(i);
      }
    }
    if (kept.isEmpty()) {
      // Without keys and calls there would be no row.
      kept.add(0);
    }
    BitSet below = new BitSet();
    n.groupKeys().forEach(below::set);
    List<AggregateCall> calls = new ArrayList<>();
    for (int i : kept.subList(keys, kept.size())) {
      calls.add(n.calls().get(i - keys));
    }
    calls.forEach(c -> need(below, c));
    Pruned input = prune(n.input(), below);
    return new Pruned(
        new AggregateNode(
            input.node,
            input.at(n.groupKeys()),
            calls.stream().map(input::move).toList(),
            n.closeKey(),
            n.emitOnClose(),
            select(n.schema(), kept),
            n.traits()),
        positions(n.schema().size(), kept));
  }

  private static Pruned join(JoinNode n, BitSet required) {
    int width = n.left().schema().size();
    int rightWidth = n.right().schema().size();
    BitSet both = (BitSet) required.clone();
    need(both, n.residual());
    BitSet leftNeed = both.get(0, width);
    BitSet rightNeed = both.get(width, width + rightWidth);
    n.leftKeys().forEach(leftNeed::set);
    n.rightKeys().forEach(rightNeed::set);
    Pruned left = prune(n.left(), leftNeed);
    Pruned right = prune(n.right(), rightNeed);
    int newWidth = left.node.schema().size();
    int[] rowPositions = Arrays.copyOf(left.positions, width + rightWidth);
    for (int i = 0; i < rightWidth; i++) {
      rowPositions[width + i] = right.positions[i] < 0 ? -1 : newWidth + right.positions[i];
    }
    Pruned row = new Pruned(n, rowPositions);
    JoinNode join =
        new JoinNode(
            left.node,
            right.node,
            n.kind(),
            left.at(n.leftKeys()),
            right.at(n.rightKeys()),
            n.nullSafe(),
            n.residual() == null ? null : row.move(n.residual()),
            JoinLowering.joined(left.node.schema(), right.node.schema(), n.kind()),
            n.traits());
    return new Pruned(join, Arrays.copyOf(rowPositions, n.schema().size()));
  }

  private static Pruned correlate(CorrelateNode n, BitSet required) {
    int width = n.left().schema().size();
    int rightWidth = n.right().schema().size();
    BitSet rightNeed = required.get(width, width + rightWidth);
    PlanNode right = exactlyPruned(n.right(), rightNeed);
    BitSet leftNeed = required.get(0, width);
    OuterReferences.collect(right, n.correlation(), leftNeed);
    Pruned left = prune(n.left(), leftNeed);
    PlanNode moved = OuterReferences.move(right, n.correlation(), left::at);
    int newWidth = left.node.schema().size();
    int[] positions = Arrays.copyOf(left.positions, n.schema().size());
    int next = newWidth;
    for (int i = width; i < n.schema().size(); i++) {
      positions[i] = rightNeed.get(i - width) ? next++ : -1;
    }
    return new Pruned(
        new CorrelateNode(
            left.node,
            moved,
            n.correlation(),
            n.kind(),
            JoinLowering.joined(left.node.schema(), moved.schema(), n.kind()),
            n.traits()),
        positions);
  }

  private static PlanNode exactlyPruned(PlanNode node, BitSet required) {
    return exactly(prune(node, required), node.schema(), required);
  }

  private static Pruned union(UnionAllNode n, BitSet required) {
    List<PlanNode> inputs = new ArrayList<>();
    for (PlanNode input : n.inputs()) {
      inputs.add(exactlyPruned(input, required));
    }
    List<Integer> kept = required.stream().boxed().toList();
    return new Pruned(
        new UnionAllNode(inputs, select(n.schema(), kept), n.traits()),
        positions(n.schema().size(), kept));
  }

  private static Pruned sort(SortNode n, BitSet required) {
    BitSet below = (BitSet) required.clone();
    n.keys().forEach(k -> below.set(k.column()));
    Pruned input = prune(n.input(), below);
    return new Pruned(
        new SortNode(
            input.node,
            input.move(n.keys()),
            n.offset(),
            n.limit(),
            input.node.schema(),
            n.traits()),
        input.positions);
  }

  private static Pruned sequence(SequenceNode n, BitSet required) {
    int width = n.input().schema().size();
    BitSet below = required.get(0, width);
    n.partitionBy().forEach(below::set);
    below.set(n.timeColumn());
    n.calls().forEach(c -> c.arguments().forEach(below::set));
    Pruned input = prune(n.input(), below);
    int newWidth = input.node.schema().size();
    int[] positions = Arrays.copyOf(input.positions, n.schema().size());
    Arrays.fill(positions, width, positions.length, -1);
    List<Field> fields = new ArrayList<>(input.node.schema().fields());
    List<SequenceCall> calls = new ArrayList<>();
    int at = width;
    for (SequenceCall call : n.calls()) {
      List<Integer> results = new ArrayList<>();
      for (int result : call.results()) {
        if (required.get(at)) {
          positions[at] = newWidth + fields.size() - input.node.schema().size();
          fields.add(n.schema().field(at));
          results.add(result);
        }
        at++;
      }
      if (!results.isEmpty()) {
        calls.add(
            new SequenceCall(call.function(), input.at(call.arguments()), call.options(), results));
      }
    }
    if (calls.isEmpty()) {
      return new Pruned(input.node, positions);
    }
    return new Pruned(
        new SequenceNode(
            input.node,
            input.at(n.partitionBy()),
            input.at(List.of(n.timeColumn())).getFirst(),
            calls,
            n.provisional(),
            new Schema(fields),
            n.traits()),
        positions);
  }

  private static Pruned predict(PredictNode n, BitSet required) {
    int width = n.input().schema().size();
    BitSet below = required.get(0, width);
    boolean used = required.nextSetBit(width) >= 0;
    if (used) {
      n.arguments().forEach(below::set);
    }
    Pruned input = prune(n.input(), below);
    int[] positions = Arrays.copyOf(input.positions, n.schema().size());
    if (!used) {
      Arrays.fill(positions, width, positions.length, -1);
      return new Pruned(input.node, positions);
    }
    int newWidth = input.node.schema().size();
    for (int i = width; i < positions.length; i++) {
      positions[i] = newWidth + i - width;
    }
    List<Field> added = n.schema().fields().subList(width, positions.length);
    return new Pruned(
        new PredictNode(
            input.node,
            prune(n.model()),
            n.spec(),
            input.at(n.arguments()),
            n.kind(),
            n.refresh(),
            concat(input.node.schema(), added),
            n.traits()),
        positions);
  }

  private static Pruned over(OverNode n, BitSet required) {
    int width = n.input().schema().size();
    BitSet below = required.get(0, width);
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < n.calls().size(); i++) {
      if (required.get(width + i)) {
        kept.add(i);
        need(below, n.calls().get(i));
        n.frames().get(i).columns().forEach(below::set);
      }
    }
    if (kept.isEmpty()) {
      Pruned input = prune(n.input(), below);
      int[] positions = Arrays.copyOf(input.positions, n.schema().size());
      Arrays.fill(positions, width, positions.length, -1);
      return new Pruned(input.node, positions);
    }
    n.partitionBy().forEach(below::set);
    n.orderBy().forEach(k -> below.set(k.column()));
    Pruned input = prune(n.input(), below);
    int newWidth = input.node.schema().size();
    int[] positions = Arrays.copyOf(input.positions, n.schema().size());
    Arrays.fill(positions, width, positions.length, -1);
    List<Field> added = new ArrayList<>();
    for (int i : kept) {
      positions[width + i] = newWidth + added.size();
      added.add(n.schema().field(width + i));
    }
    return new Pruned(
        new OverNode(
            input.node,
            input.at(n.partitionBy()),
            input.move(n.orderBy()),
            kept.stream().map(i -> input.move(n.calls().get(i))).toList(),
            kept.stream().map(i -> n.frames().get(i).map(input::at)).toList(),
            concat(input.node.schema(), added),
            n.traits()),
        positions);
  }

  private static Pruned match(MatchNode n, BitSet required) {
    List<Integer> kept = required.stream().boxed().toList();
    MatchNode less = MatchColumns.withOutput(n, kept);
    Pruned input = prune(n.input(), MatchColumns.needed(less));
    return new Pruned(
        MatchColumns.over(less, input.node, input::at, List.of()),
        positions(n.schema().size(), kept));
  }

  private static Pruned tableFunction(TableFunctionNode n, BitSet required) {
    int width = n.input().schema().size();
    BitSet below = required.get(0, width);
    n.functions().forEach(f -> need(below, f));
    Pruned input = prune(n.input(), below);
    int newWidth = input.node.schema().size();
    int[] positions = Arrays.copyOf(input.positions, n.schema().size());
    for (int i = width; i < positions.length; i++) {
      positions[i] = newWidth + i - width;
    }
    List<Expr.Call> functions = new ArrayList<>();
    n.functions().forEach(f -> functions.add((Expr.Call) input.move(f)));
    List<Field> added = n.schema().fields().subList(width, n.schema().size());
    return new Pruned(
        new TableFunctionNode(
            input.node,
            functions,
            n.ordinality(),
            n.outer(),
            concat(input.node.schema(), added),
            n.traits()),
        positions);
  }
}
