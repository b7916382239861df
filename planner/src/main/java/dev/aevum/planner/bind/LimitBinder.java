package dev.aevum.planner.bind;

import dev.aevum.model.type.SimpleType;
import dev.aevum.planner.bind.ExpressionBinder.Environment;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.rel.Extension;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import dev.aevum.planner.type.Casts;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// ORDER BY keys that are columns, with LIMIT and OFFSET.
final class LimitBinder {
  private final BindContext context;
  private final Environment environment;
  private final Scope.@Nullable Frame outer;

  LimitBinder(BindContext context, Environment environment, Scope.@Nullable Frame outer) {
    this.context = context;
    this.environment = environment;
    this.outer = outer;
  }

  RelNode sort(
      RelNode input, List<SortKey> keys, @Nullable SqlNode offset, @Nullable SqlNode fetch) {
    @Nullable RexNode skipped = count(offset, "OFFSET");
    @Nullable RexNode kept = count(fetch, "LIMIT");
    return keys.isEmpty() && skipped == null && kept == null
        ? input
        : context.rels().extension(new Extension.Sort(keys, skipped, kept), input);
  }

  private @Nullable RexNode count(@Nullable SqlNode node, String clause) {
    if (node == null) {
      return null;
    }
    Scope scope = Scope.empty(context, outer);
    RexNode value = new ExpressionBinder(context, scope, environment, Clause.LIMIT).bind(node);
    if (ValuesSubqueries.hasSubquery(value)) {
      throw dev.aevum.planner.error.StatementErrors.unsupported(
          "a sub-query in " + clause, ExpressionBinder.span(node));
    }
    RexNode number =
        new Coercion(context)
            .cast(value, SimpleType.BIGINT, Casts.Context.ASSIGNMENT, ExpressionBinder.span(node));
    boolean isNull = Rex.scalar(number) instanceof Scalar.Constant c && c.value() == null;
    return isNull ? null : number;
  }
}
