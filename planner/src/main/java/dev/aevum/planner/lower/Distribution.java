package dev.aevum.planner.lower;

import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.*;
import dev.aevum.planner.plan.PlanNode.RecursiveNode;
import dev.aevum.planner.plan.PlanNode.WorkingTableNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which rows are on one worker: those that agree on `keys`, in that order of hashing; no keys:
/// all. Null: nothing known.
record Distribution(List<Integer> keys) {
  Distribution {
    keys = List.copyOf(keys);
  }

  /// Whether the rows of a group are on the worker that owns the shard of its key: state is found
  /// there after a restart. Rows that merely agree on some of the keys are on one worker too, but
  /// on which one only those say.
  boolean groups(List<Integer> groupKeys) {
    return groupKeys.equals(keys);
  }

  static @Nullable Distribution of(PlanNode node) {
    return switch (node) {
      case ExchangeNode n -> new Distribution(n.keys());
      case CalcNode n -> calc(n);
      case WindowNode n -> of(n.input());
      case CloseGateNode n -> of(n.input());
      case AggregateNode n -> aggregate(n.input(), n.groupKeys());
      case PartialAggregateNode n -> aggregate(n.input(), n.groupKeys());
      case JoinNode n -> of(n.left());
      case SequenceNode n -> of(n.input());
      case ForecastNode n -> of(n.input());
      case LearnNode n -> of(n.input());
      case PredictNode n -> of(n.input());
      case MatchNode n -> match(n);
      case ScanNode n -> null;
      case ValuesNode n -> null;
      case UnionAllNode n -> null;
      case CorrelateNode n -> null;
      case SetOperationNode n -> null;
      case RecursiveNode n -> null;
      case WorkingTableNode n -> null;
      case SortNode n -> null;
      case OverNode n -> null;
      case TableFunctionNode n -> null;
      case SingleRowNode n -> null;
    };
  }

  private static @Nullable Distribution calc(CalcNode n) {
    @Nullable Distribution below = of(n.input());
    return below == null
        ? null
        : below.moved(k -> {
          for (int i = 0; i < n.projections().size(); i++) {
            if (n.projections().get(i) instanceof Expr.ColumnRef ref && ref.index() == k) {
              return i;
            }
          }
          return -1;
        });
  }

  /// A match's row has its partition's columns.
  private static @Nullable Distribution match(MatchNode n) {
    @Nullable Distribution below = of(n.input());
    return below == null
        ? null
        : below.moved(k -> n.match().output().indexOf(new MatchSpec.OutputColumn.Input(k)));
  }

  private static @Nullable Distribution aggregate(PlanNode input, List<Integer> groupKeys) {
    @Nullable Distribution below = of(input);
    return below == null ? null : below.moved(groupKeys::indexOf);
  }

  private @Nullable Distribution moved(java.util.function.IntUnaryOperator position) {
    List<Integer> result = new ArrayList<>();
    for (int key : keys) {
      int moved = position.applyAsInt(key);
      if (moved < 0) {
        return null;
      }
      result.add(moved);
    }
    return new Distribution(result);
  }
}
