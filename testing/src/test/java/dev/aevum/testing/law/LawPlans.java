package dev.aevum.testing.law;

import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.parser.SqlParser;
import dev.aevum.parser.statement.CreateMaterializedViewStatement;
import dev.aevum.parser.statement.QueryStatement;
import dev.aevum.planner.Planner;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.rule.Phases;
import dev.aevum.planner.rule.Phases.Rule;
import dev.aevum.testing.random.Relation;
import java.util.List;
import java.util.Set;

/// What parser and planner make of SQL over generated relations, with some rules left out. Errors
/// are [dev.aevum.model.error.SqlException]s.
record LawPlans(List<Relation> relations, FunctionRegistry functions) {
  /// Of a view's query, with its EMIT clause.
  PlanNode view(String sql, Set<Rule> without) {
    CreateMaterializedViewStatement statement =
        (CreateMaterializedViewStatement)
            SqlParser.parseOne("CREATE MATERIALIZED VIEW v AS " + sql);
    return planner(without)
        .planView(
            statement.query(),
            List.of(),
            statement.emit(),
            false,
            new LawCatalog(relations, functions))
        .root();
  }

  /// Of a query that runs once.
  PlanNode query(String sql, Set<Rule> without) {
    QueryStatement statement = (QueryStatement) SqlParser.parseOne(sql);
    return planner(without)
        .planQuery(statement.query(), new LawCatalog(relations, functions), List.of())
        .root();
  }

  private static Planner planner(Set<Rule> without) {
    return new Planner(new Phases(without));
  }
}
