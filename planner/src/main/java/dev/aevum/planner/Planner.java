package dev.aevum.planner;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.SqlParser;
import dev.aevum.parser.statement.CreateModelStatement;
import dev.aevum.parser.statement.DeleteStatement;
import dev.aevum.parser.statement.EmitClause;
import dev.aevum.parser.statement.ExecuteStatement;
import dev.aevum.parser.statement.InsertStatement;
import dev.aevum.parser.statement.QueryStatement;
import dev.aevum.parser.statement.UpdateStatement;
import dev.aevum.parser.tree.AliasNode;
import dev.aevum.parser.tree.SelectNode;
import dev.aevum.parser.tree.Spans;
import dev.aevum.parser.tree.TypeName;
import dev.aevum.planner.bind.DefinitionBinder;
import dev.aevum.planner.bind.StatementBinder;
import dev.aevum.planner.bind.WriteBinder;
import dev.aevum.planner.catalog.CatalogView;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.lower.ModelLowering;
import dev.aevum.planner.lower.QueryFinish;
import dev.aevum.planner.lower.RelLowering;
import dev.aevum.planner.lower.ViewFinish;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.ModelPlan;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.QueryPlan;
import dev.aevum.planner.plan.Traits;
import dev.aevum.planner.plan.ViewOptions;
import dev.aevum.planner.plan.ViewPlan;
import dev.aevum.planner.rule.Phases;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/// From parsed statements to plans. Has no state of its own: any thread may use one.
public final class Planner {
  private final Function<String, SqlNode> queryParser = Planner::parseQuery;
  private final Phases phases;

  public Planner() {
    this(new Phases());
  }

  /// With these phases of the optimiser.
  public Planner(Phases phases) {
    this.phases = phases;
  }

  /// The text of a logical view's query to its tree.
  private static SqlNode parseQuery(String text) {
    if (SqlParser.parseOne(text) instanceof QueryStatement statement) {
      return statement.query();
    }
    throw StatementErrors.syntax("a view's definition must be a query", null);
  }

  /// Plans a query to run once.
  ///
  /// @param declaredParameterTypes of `$1`, `$2`, ... as the client declared them; UNKNOWN where it
  ///   did not
  /// @throws dev.aevum.model.error.SqlException when the query is wrong
  public QueryPlan planQuery(
      SqlNode query, CatalogView catalog, List<SqlType> declaredParameterTypes) {
    StatementBinder binder = StatementBinder.forQuery(catalog, declaredParameterTypes, queryParser);
    return finish(binder, binder.query(query));
  }

  /// Plans `SELECT * FROM (query) AS name (columns) WHERE where`, to run once.
  public QueryPlan planRows(
      SqlNode query,
      List<String> columns,
      String name,
      @Nullable SqlNode where,
      CatalogView catalog) {
    SqlParserPos pos = query.getParserPosition();
    SqlNodeList star = new SqlNodeList(List.of(SqlIdentifier.star(pos)), pos);
    SqlNode from = new AliasNode(pos, query, name, columns, List.of(), Spans.of(pos));
    SqlNode select =
        new SelectNode(pos, new SqlNodeList(pos), null, star, from, where, null, null, null, null);
    return planQuery(select, catalog, List.of());
  }

  /// Plans a continuous query.
  ///
  /// @param columns the view's column names where the statement gives them, else empty
  /// @param requireBounded refuse state that grows with a stream (`require_bounded_state`)
  public ViewPlan planView(
      SqlNode query,
      List<String> columns,
      @Nullable EmitClause emit,
      boolean requireBounded,
      CatalogView catalog) {
    ViewOptions options = new ViewOptions(requireBounded, PlanNode.MatchNode.NO_LIMIT);
    return planView(query, columns, emit, options, catalog);
  }

  /// Plans a continuous query.
  ///
  /// @param columns the view's column names where the statement gives them, else empty
  public ViewPlan planView(
      SqlNode query,
      List<String> columns,
      @Nullable EmitClause emit,
      ViewOptions options,
      CatalogView catalog) {
    StatementBinder binder = StatementBinder.forView(catalog, queryParser);
    StatementBinder.Bound bound = binder.view(query, columns, emit);
    RelLowering lowering = new RelLowering(bound.rels());
    PlanNode lowered = lowering.lower(optimise(bound));
    return new ViewFinish(lowering.relations(), bound.emit(), options, lowering.matches())
        .finish(lowered, bound.names());
  }

  /// Plans CREATE MODEL.
  ///
  /// @throws dev.aevum.model.error.SqlException when the query, the algorithm or its options are
  ///   wrong
  public ModelPlan planModel(CreateModelStatement statement, CatalogView catalog) {
    StatementBinder binder = StatementBinder.forView(catalog, queryParser);
    StatementBinder.Bound bound = binder.view(statement.query(), List.of(), null);
    RelLowering lowering = new RelLowering(bound.rels());
    PlanNode lowered = lowering.lower(optimise(bound));
    List<Traits.TimeColumn> times =
        new ViewFinish(lowering.relations(), null, ViewOptions.DEFAULT, lowering.matches())
            .timeColumns(lowered);
    @Nullable SqlType target =
        statement.targetType() == null ? null : type(statement.targetType(), catalog);
    PlanNode.LearnNode learn =
        new ModelLowering(statement, target, catalog.functions().algorithms(), lowering.relations())
            .lower(lowered, bound.names(), times);
    ViewPlan view =
        new ViewFinish(lowering.relations(), null, ViewOptions.DEFAULT, lowering.matches())
            .finish(learn, learn.schema().fields().stream().map(Field::name).toList());
    return new ModelPlan(view, learn.spec());
  }

  /// Plans INSERT.
  public WritePlan planInsert(
      InsertStatement statement, CatalogView catalog, List<SqlType> declaredParameterTypes) {
    StatementBinder binder = StatementBinder.forQuery(catalog, declaredParameterTypes, queryParser);
    return finish(binder, new WriteBinder(binder).insert(statement));
  }

  /// Plans UPDATE.
  public WritePlan planUpdate(
      UpdateStatement statement, CatalogView catalog, List<SqlType> declaredParameterTypes) {
    StatementBinder binder = StatementBinder.forQuery(catalog, declaredParameterTypes, queryParser);
    return finish(binder, new WriteBinder(binder).update(statement));
  }

  /// Plans DELETE.
  public WritePlan planDelete(
      DeleteStatement statement, CatalogView catalog, List<SqlType> declaredParameterTypes) {
    StatementBinder binder = StatementBinder.forQuery(catalog, declaredParameterTypes, queryParser);
    return finish(binder, new WriteBinder(binder).delete(statement));
  }

  /// The type that a name stands for.
  ///
  /// @throws dev.aevum.model.error.SqlException 42704 for an unknown type
  public SqlType type(TypeName name, CatalogView catalog) {
    return StatementBinder.type(name, catalog);
  }

  /// A column's DEFAULT as an expression over no columns, of the column's type.
  public Expr defaultExpression(
      SqlNode expression, String column, SqlType type, CatalogView catalog) {
    StatementBinder binder = StatementBinder.forQuery(catalog, List.of(), queryParser);
    return RelLowering.expression(
        new DefinitionBinder(binder).defaultValue(expression, column, type));
  }

  /// The arguments of EXECUTE as expressions over no columns, one of each type.
  ///
  /// @throws dev.aevum.model.error.SqlException 42601 when there are more or fewer than types
  public List<Expr> arguments(
      ExecuteStatement statement, List<SqlType> types, CatalogView catalog) {
    List<SqlNode> given = statement.arguments();
    if (given.size() != types.size()) {
      throw StatementErrors.syntax("wrong number of parameters for prepared statement", null)
          .withDetail("Expected " + types.size() + " parameters but got " + given.size() + ".");
    }
    List<Expr> arguments = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      arguments.add(defaultExpression(given.get(i), "$" + (i + 1), types.get(i), catalog));
    }
    return arguments;
  }

  /// `WATERMARK FOR column AS expression` over the columns of a stream.
  public RelationInfo.Watermark watermark(
      SqlNode expression, int column, Schema columns, CatalogView catalog) {
    StatementBinder binder = StatementBinder.forQuery(catalog, List.of(), queryParser);
    DefinitionBinder.Watermark watermark =
        new DefinitionBinder(binder).watermark(expression, column, columns);
    Expr lowered = RelLowering.expression(watermark.expression());
    return new RelationInfo.Watermark(column, 0, watermark.delayMicros(), lowered);
  }

  private WritePlan finish(StatementBinder binder, WriteBinder.Bound bound) {
    QueryPlan rows = finish(binder, bound.rows());
    List<Expr> returning = bound.returning().stream().map(RelLowering::expression).toList();
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < returning.size(); i++) {
      Expr value = returning.get(i);
      fields.add(new Field(bound.returningNames().get(i), value.type(), value.nullable()));
    }
    return new WritePlan(bound.target(), rows, bound.conflict(), returning, new Schema(fields));
  }

  private QueryPlan finish(StatementBinder binder, StatementBinder.Bound bound) {
    RelLowering lowering = new RelLowering(bound.rels());
    PlanNode lowered = lowering.lower(optimise(bound));
    PlanNode root = new QueryFinish(lowering.relations()).finish(lowered, bound.names());
    return new QueryPlan(root, binder.parameters(), bound.origins());
  }

  private RelNode optimise(StatementBinder.Bound bound) {
    return phases.optimise(bound.rel());
  }
}
