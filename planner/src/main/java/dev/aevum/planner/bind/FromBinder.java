package dev.aevum.planner.bind;

import dev.aevum.model.batch.Field;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.parser.tree.AliasNode;
import dev.aevum.parser.tree.AsOfNode;
import dev.aevum.parser.tree.LateralNode;
import dev.aevum.parser.tree.MatchRecognizeNode;
import dev.aevum.parser.tree.SampleNode;
import dev.aevum.parser.tree.TableFunctionNode;
import dev.aevum.parser.tree.TreeNode;
import dev.aevum.planner.bind.ExpressionBinder.Environment;
import dev.aevum.planner.bind.QueryBinder.BoundQuery;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.catalog.RelationInfo.StoredKind;
import dev.aevum.planner.error.ModelErrors;
import dev.aevum.planner.error.NameErrors;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.QueryPlan.ColumnOrigin;
import dev.aevum.planner.rel.Extension;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.type.Casts;
import dev.aevum.planner.type.RowType;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSnapshot;
import org.jspecify.annotations.Nullable;

/// FROM items: relations, WITH queries, derived tables, functions, joins, aliases.
final class FromBinder {
  private static final int MAX_VIEW_DEPTH = 32;

  private final BindContext context;
  private final Environment environment;
  private final Scope.@Nullable Frame outer;
  private final Scope.@Nullable Frame lateral;

  /// `outer`: the row around the query, for derived tables; `lateral`: the items to the left, for
  /// lateral ones.
  FromBinder(
      BindContext context,
      Environment environment,
      Scope.@Nullable Frame outer,
      Scope.@Nullable Frame lateral) {
    this.context = context;
    this.environment = environment;
    this.outer = outer;
    this.lateral = lateral;
  }

  BindContext context() {
    return context;
  }

  Environment environment() {
    return environment;
  }

  Scope.@Nullable Frame outer() {
    return outer;
  }

  Scope.@Nullable Frame lateral() {
    return lateral;
  }

  FromBinder withLateral(Scope.@Nullable Frame frame) {
    return new FromBinder(context, environment, outer, frame);
  }

  FromItem bind(SqlNode node) {
    return switch (node) {
      case SqlIdentifier name -> named(name);
      case AliasNode alias -> alias(alias);
      case SqlJoin join -> new JoinBinder(this).bind(join);
      case TableFunctionNode function -> new TableFunctionBinder(this).bind(function);
      case LateralNode item -> lateral(item);
      case AsOfNode item -> throw StatementErrors.unsupported("AS OF", item.span());
      case SampleNode item -> throw StatementErrors.unsupported("TABLESAMPLE", item.span());
      case SqlSnapshot item ->
          throw StatementErrors.unsupported("FOR SYSTEM_TIME AS OF", ExpressionBinder.span(item));
      case MatchRecognizeNode item -> new MatchBinder(this).bind(item);
      default -> {
        if (TreeNode.isQuery(node)) {
          yield derived(node, outer);
        }
        throw StatementErrors.unsupported("this item in FROM", ExpressionBinder.span(node));
      }
    };
  }

  private FromItem derived(SqlNode query, Scope.@Nullable Frame frame) {
    BoundQuery bound = new QueryBinder(context, environment, frame).bind(query);
    return item(bound, "");
  }

  private FromItem item(BoundQuery bound, String alias) {
    return FromItem.of(bound.rel(), alias, bound.names(), bound.hidden());
  }

  private FromItem lateral(LateralNode node) {
    if (TreeNode.isQuery(node.item())) {
      return derived(node.item(), lateral);
    }
    return bind(node.item());
  }

  private FromItem alias(AliasNode node) {
    if (!node.types().isEmpty()) {
      throw StatementErrors.unsupported("a column definition list", node.aliasSpan());
    }
    if (node.item() instanceof TableFunctionNode function) {
      return rename(new TableFunctionBinder(this).bind(function, node.alias()), node);
    }
    return rename(bind(node.item()), node);
  }

  private FromItem rename(FromItem item, AliasNode node) {
    List<Scope.Column> columns = new ArrayList<>();
    int position = 0;
    for (Scope.Column column : item.visible()) {
      String name = column.name();
      if (!column.hidden() && position < node.columns().size()) {
        name = node.columns().get(position++);
      } else if (!column.hidden()) {
        position++;
      }
      columns.add(
          new Scope.Column(name, column.index(), column.type(), column.hidden(), column.origin()));
    }
    if (node.columns().size() > position) {
      throw StatementErrors.of(
          ErrorCode.INVALID_COLUMN_REFERENCE,
          "table \""
              + node.alias()
              + "\" has "
              + position
              + " columns available but "
              + node.columns().size()
              + " columns specified",
          node.aliasSpan());
    }
    List<List<Integer>> keys =
        item.entries().size() == 1 ? item.entries().getFirst().keys() : List.of();
    return new FromItem(
        item.rel(), List.of(new Scope.Entry(null, node.alias(), columns, keys)), columns);
  }

  private FromItem named(SqlIdentifier id) {
    @Nullable SourceSpan span = ExpressionBinder.span(id);
    String name = id.names.getLast();
    if (id.isSimple()) {
      QueryBinder.@Nullable With with = environment.with().get(name);
      if (with != null) {
        return with(with, name, span);
      }
    }
    if (id.names.size() == 3 && !id.names.getFirst().equals(context.catalog().currentDatabase())) {
      throw StatementErrors.of(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "cross-database references are not implemented: \"" + String.join(".", id.names) + "\"",
          span);
    }
    @Nullable String schema = id.isSimple() ? null : id.names.get(id.names.size() - 2);
    @Nullable RelationInfo info = context.catalog().relation(schema, name);
    if (info == null) {
      throw NameErrors.unknownRelation(String.join(".", id.names), name, candidates(schema), span);
    }
    return switch (info) {
      case RelationInfo.Stored stored -> stored(stored, span);
      case RelationInfo.Logical logical -> logical(logical, span);
      case RelationInfo.Model model -> throw ModelErrors.noRelation(model.name(), span);
    };
  }

  private List<String> candidates(@Nullable String schema) {
    List<String> names = new ArrayList<>(context.catalog().relationNames(schema));
    names.addAll(environment.with().keySet());
    return names;
  }

  private FromItem with(QueryBinder.With with, String name, @Nullable SourceSpan span) {
    if (with.open()) {
      return RecursionBinder.reference(context, with.recursion(), name, span);
    }
    Scope.@Nullable Frame frame = with.frame() == outer ? outer : null;
    BoundQuery bound = new RecursionBinder(context, frame).bind(with, name);
    List<String> names = RecursionBinder.names(with.item(), bound.names(), span);
    return FromItem.of(bound.rel(), name, names, bound.hidden());
  }

  private FromItem stored(RelationInfo.Stored info, @Nullable SourceSpan span) {
    if (context.isView() && info.kind() == StoredKind.SYSTEM) {
      throw StatementErrors.notInView("catalogue relation \"" + info.name() + "\"", span);
    }
    if (!context.isView() && !info.readable()) {
      throw new SqlException(
          ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "stream \"" + info.name() + "\" keeps no rows to read",
          null,
          info.hint() == null
              ? "Create a materialized view over it, or give the stream WITH (retention = ...)."
              : info.hint(),
          span,
          null);
    }
    List<RelDataType> types = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Scope.Column> columns = new ArrayList<>();
    for (int i = 0; i < info.columns().size(); i++) {
      Field field = info.columns().field(i);
      RowType type = new RowType(field.type(), field.nullable());
      types.add(type);
      names.add(field.name());
      ColumnOrigin origin = new ColumnOrigin(info.id(), i + 1);
      columns.add(new Scope.Column(field.name(), i, type, info.hidden().contains(i), origin));
    }
    Rels rels = context.rels();
    RelNode rel = rels.extension(new Extension.Scan(info), List.of(), rels.rowType(types, names));
    Scope.Entry entry = new Scope.Entry(info.schemaName(), info.name(), columns, info.uniqueKeys());
    return new FromItem(rel, List.of(entry), columns);
  }

  private FromItem logical(RelationInfo.Logical info, @Nullable SourceSpan span) {
    if (context.depth() >= MAX_VIEW_DEPTH) {
      throw StatementErrors.of(
          ErrorCode.STATEMENT_TOO_COMPLEX,
          "views are nested more than " + MAX_VIEW_DEPTH + " deep",
          span);
    }
    BindContext inside = context.inside(context.catalog().withSearchPath(info.searchPath()));
    QueryBinder binder = new QueryBinder(inside, Environment.EMPTY, null);
    RelNode rel;
    try {
      SqlNode query = context.parseQuery(info.queryText());
      BoundQuery bound = binder.bind(query);
      if (bound.width() != info.columns().size()) {
        throw StatementErrors.of(
            ErrorCode.INVALID_TABLE_DEFINITION,
            "view \"" + info.name() + "\" no longer has the columns it was created with",
            null);
      }
      rel =
          binder.coerceColumns(
              context.rels().firstColumns(bound.rel(), bound.width()),
              info.columns().types(),
              Casts.Context.ASSIGNMENT,
              "VIEW",
              query);
    } catch (SqlException e) {
      // The view's text is not the statement's: point at the name that brought it in.
      throw e.at(span);
    }
    List<String> names = info.columns().fields().stream().map(Field::name).toList();
    FromItem item = FromItem.of(rel, info.name(), names, List.of());
    List<Scope.Column> columns = new ArrayList<>();
    for (Scope.Column column : item.visible()) {
      ColumnOrigin origin = new ColumnOrigin(info.id(), column.index() + 1);
      columns.add(new Scope.Column(column.name(), column.index(), column.type(), false, origin));
    }
    Scope.Entry entry = new Scope.Entry(info.schemaName(), info.name(), columns, List.of());
    return new FromItem(rel, List.of(entry), columns);
  }
}
