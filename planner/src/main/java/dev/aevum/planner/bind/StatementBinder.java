package dev.aevum.planner.bind;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.statement.EmitClause;
import dev.aevum.parser.tree.TypeName;
import dev.aevum.planner.bind.ExpressionBinder.Environment;
import dev.aevum.planner.bind.QueryBinder.BoundQuery;
import dev.aevum.planner.catalog.CatalogView;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.QueryPlan.ColumnOrigin;
import dev.aevum.planner.rel.Rels;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// Binds one statement; make a new one for each.
public final class StatementBinder {
  /// A bound query with the names and origins of its columns. `emit` is null for a query that runs
  /// once.
  public record Bound(
      Rels rels,
      RelNode rel,
      List<String> names,
      List<ColumnOrigin> origins,
      @Nullable EmitClause emit) {
    public Bound {
      names = List.copyOf(names);
      origins = List.copyOf(origins);
    }
  }

  private final BindContext context;

  private StatementBinder(BindContext context) {
    this.context = context;
  }

  public static StatementBinder forQuery(
      CatalogView catalog, List<SqlType> parameters, Function<String, SqlNode> parser) {
    return new StatementBinder(new BindContext(catalog, new Parameters(parameters), false, parser));
  }

  public static StatementBinder forView(CatalogView catalog, Function<String, SqlNode> parser) {
    return new StatementBinder(new BindContext(catalog, new Parameters(List.of()), true, parser));
  }

  /// A type by its name.
  public static SqlType type(TypeName name, CatalogView catalog) {
    return new TypeNames(catalog).resolve(name);
  }

  /// The types of `$1`, `$2`, ... once everything is bound.
  ///
  /// @throws dev.aevum.model.error.SqlException 42P18 when no context told a type
  public List<SqlType> parameters() {
    return context.parameters().resolved();
  }

  BindContext context() {
    return context;
  }

  public Bound query(SqlNode query) {
    BoundQuery bound = new QueryBinder(context, Environment.EMPTY, null).bind(query);
    return bound(bound, bound.names(), null);
  }

  /// `columns` rename the first columns.
  public Bound view(SqlNode query, List<String> columns, @Nullable EmitClause emit) {
    if (emit instanceof EmitClause.Every every) {
      throw StatementErrors.unsupported("EMIT EVERY", every.span());
    }
    BoundQuery bound = new QueryBinder(context, Environment.EMPTY, null).bind(query);
    if (columns.size() > bound.width()) {
      throw StatementErrors.syntax(
          "CREATE MATERIALIZED VIEW specifies more column names than columns",
          ExpressionBinder.span(query));
    }
    List<String> names = new ArrayList<>(bound.names());
    for (int i = 0; i < columns.size(); i++) {
      names.set(i, columns.get(i));
    }
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw StatementErrors.of(
                ErrorCode.DUPLICATE_COLUMN,
                "column \"" + name + "\" specified more than once",
                ExpressionBinder.span(query))
            .withHint("Give the columns different names with AS.");
      }
    }
    return bound(bound, names, emit);
  }

  private Bound bound(BoundQuery query, List<String> names, @Nullable EmitClause emit) {
    RelNode rel = context.rels().firstColumns(query.rel(), query.width());
    return new Bound(context.rels(), rel, names, query.origins(), emit);
  }
}
