package dev.aevum.planner.bind;

import dev.aevum.model.batch.Field;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.statement.Assignment;
import dev.aevum.parser.statement.DeleteStatement;
import dev.aevum.parser.statement.InsertStatement;
import dev.aevum.parser.statement.Name;
import dev.aevum.parser.statement.ObjectName;
import dev.aevum.parser.statement.OnConflict;
import dev.aevum.parser.statement.UpdateStatement;
import dev.aevum.parser.tree.DefaultNode;
import dev.aevum.planner.bind.ExpressionBinder.Environment;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.catalog.RelationInfo.StoredKind;
import dev.aevum.planner.error.NameErrors;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode.JoinKind;
import dev.aevum.planner.plan.QueryPlan.ColumnOrigin;
import dev.aevum.planner.plan.WriteConflict;
import dev.aevum.planner.rel.Extension;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.rex.Scalar;
import dev.aevum.planner.type.RowType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/// INSERT, UPDATE and DELETE as queries that give the rows to write.
public final class WriteBinder {
  /// `rows` as [dev.aevum.planner.WritePlan] says.
  public record Bound(
      RelationInfo.Stored target,
      StatementBinder.Bound rows,
      WriteConflict conflict,
      List<RexNode> returning,
      List<String> returningNames) {
    public Bound {
      returning = List.copyOf(returning);
      returningNames = List.copyOf(returningNames);
    }
  }

  private final BindContext context;
  private final Rels rels;

  public WriteBinder(StatementBinder statement) {
    this.context = statement.context();
    this.rels = context.rels();
  }

  public Bound insert(InsertStatement statement) {
    RelationInfo.Stored target = target(statement.target(), "insert into", true);
    List<Integer> columns = columns(statement, target);
    RelNode source =
        statement.source() == null
            ? rels.oneRow()
            : new InsertSource(context, target, columns, !statement.columns().isEmpty())
                .bind(statement.source());
    int given = source.getRowType().getFieldCount();
    List<RexNode> row = new ArrayList<>();
    for (int i = 0; i < target.columns().size(); i++) {
      int position = columns.indexOf(i);
      row.add(
          position >= 0 && position < given
              ? rels.reference(source, position)
              : defaultOf(context, target, i));
    }
    List<String> names = target.columns().fields().stream().map(Field::name).toList();
    RelNode rel = rels.project(source, row, names);
    @Nullable Name alias = statement.alias();
    WriteConflict kind = WriteConflict.NONE;
    if (statement.onConflict() != null && hasArbiter(target, statement.onConflict())) {
      kind = statement.onConflict().doNothing() ? WriteConflict.NOTHING : WriteConflict.UPDATE;
      rel = new ConflictBinder(context, this, target).bind(rel, alias, statement.onConflict());
      names = rel.getRowType().getFieldNames();
    }
    return bound(target, rel, names, kind, statement.returning(), alias);
  }

  /// Whether a key decides on conflicts; without one DO NOTHING has nothing to do.
  private static boolean hasArbiter(RelationInfo.Stored target, OnConflict conflict) {
    List<Integer> columns = new ArrayList<>();
    for (Name name : conflict.columns()) {
      columns.add(column(target, name));
    }
    if (columns.isEmpty() && !conflict.doNothing()) {
      throw StatementErrors.syntax(
              "ON CONFLICT DO UPDATE requires inference specification or constraint name",
              conflict.span())
          .withHint("For example, ON CONFLICT (column_name).");
    }
    boolean known =
        target.uniqueKeys().stream()
            .anyMatch(k -> k.size() == columns.size() && columns.containsAll(k));
    if (!columns.isEmpty() && !known) {
      throw StatementErrors.of(
          ErrorCode.INVALID_COLUMN_REFERENCE,
          "there is no unique or exclusion constraint matching the ON CONFLICT specification",
          conflict.span());
    }
    return !target.uniqueKeys().isEmpty();
  }

  private List<Integer> columns(InsertStatement statement, RelationInfo.Stored target) {
    List<Integer> columns = new ArrayList<>();
    if (statement.columns().isEmpty()) {
      for (int i = 0; i < target.columns().size(); i++) {
        if (!target.hidden().contains(i)) {
          columns.add(i);
        }
      }
      return columns;
    }
    for (Name name : statement.columns()) {
      int index = column(target, name);
      if (columns.contains(index)) {
        throw StatementErrors.of(
            ErrorCode.DUPLICATE_COLUMN,
            "column \"" + name.text() + "\" specified more than once",
            name.span());
      }
      columns.add(index);
    }
    return columns;
  }

  public Bound update(UpdateStatement statement) {
    RelationInfo.Stored target = target(statement.target(), "update", false);
    FromItem row = item(target, statement.alias());
    FromItem all = row;
    if (statement.from() != null) {
      FromItem other = from().bind(statement.from());
      all = cross(row, other);
    }
    Scope scope = new Scope(context, all.entries(), all.visible(), null);
    ExpressionBinder expressions =
        new ExpressionBinder(context, scope, Environment.EMPTY, Clause.UPDATE);
    RelNode rel = where(all.rel(), expressions, statement.where());
    Map<Integer, RexNode> values = new LinkedHashMap<>();
    for (Assignment assignment : statement.assignments()) {
      int column = column(target, assignment.column());
      if (values.put(column, value(target, column, assignment.value(), expressions)) != null) {
        throw StatementErrors.syntax(
            "multiple assignments to same column \"" + assignment.column().text() + "\"",
            assignment.column().span());
      }
    }
    int width = target.columns().size();
    List<RexNode> both = new ArrayList<>(rels.references(rel).subList(0, width));
    for (int i = 0; i < width; i++) {
      @Nullable RexNode value = values.get(i);
      both.add(value == null ? rels.reference(rel, i) : value);
    }
    SubqueryRemoval.Result plain = new SubqueryRemoval(context).apply(rel, both);
    List<String> names = new ArrayList<>();
    target.columns().fields().forEach(f -> names.add(f.name()));
    target.columns().fields().forEach(f -> names.add(f.name()));
    RelNode projected = rels.project(plain.rel(), plain.expressions(), names);
    return bound(
        target, projected, names, WriteConflict.NONE, statement.returning(), statement.alias());
  }

  RexNode value(
      RelationInfo.Stored target, int column, SqlNode node, ExpressionBinder expressions) {
    return node instanceof DefaultNode
        ? defaultOf(context, target, column)
        : InsertSource.assign(
            context, expressions.bind(node), target.columns().field(column), node);
  }

  public Bound delete(DeleteStatement statement) {
    RelationInfo.Stored target = target(statement.target(), "delete from", false);
    FromItem row = item(target, statement.alias());
    RelNode rel;
    if (statement.using() == null) {
      Scope scope = new Scope(context, row.entries(), row.visible(), null);
      ExpressionBinder expressions =
          new ExpressionBinder(context, scope, Environment.EMPTY, Clause.WHERE);
      rel = where(row.rel(), expressions, statement.where());
    } else {
      rel = using(row, statement.using(), statement.where());
    }
    List<String> names = target.columns().fields().stream().map(Field::name).toList();
    return bound(target, rel, names, WriteConflict.NONE, statement.returning(), statement.alias());
  }

  /// A row goes once, however many rows of USING match it.
  private RelNode using(FromItem row, SqlNode using, @Nullable SqlNode where) {
    FromItem other = from().bind(using);
    FromItem all = cross(row, other);
    Scope scope = new Scope(context, all.entries(), all.visible(), null);
    RexNode condition =
        where == null
            ? context.rex().bool(true)
            : new ExpressionBinder(context, scope, Environment.EMPTY, Clause.WHERE)
                .bindBoolean(where, "WHERE");
    if (ValuesSubqueries.hasSubquery(condition)) {
      throw StatementErrors.unsupported("a sub-query in DELETE ... USING", null);
    }
    return rels.join(row.rel(), other.rel(), JoinKind.SEMI, condition);
  }

  private RelNode where(RelNode rel, ExpressionBinder expressions, @Nullable SqlNode where) {
    return where == null
        ? rel
        : new SemiJoins(context)
            .filter(rel, expressions.in(Clause.WHERE).bindBoolean(where, "WHERE"));
  }

  private FromBinder from() {
    return new FromBinder(context, Environment.EMPTY, null, null);
  }

  private FromItem cross(FromItem left, FromItem right) {
    RelNode rel = rels.join(left.rel(), right.rel(), JoinKind.INNER, context.rex().bool(true));
    int width = left.rel().getRowType().getFieldCount();
    List<Scope.Entry> entries = new ArrayList<>(left.entries());
    entries.addAll(right.shiftedEntries(width));
    List<Scope.Column> visible = new ArrayList<>(left.visible());
    visible.addAll(right.shiftedVisible(width));
    return new FromItem(rel, entries, visible);
  }

  FromItem item(RelationInfo.Stored target, @Nullable Name alias) {
    List<RowType> types = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Scope.Column> columns = new ArrayList<>();
    for (int i = 0; i < target.columns().size(); i++) {
      Field field = target.columns().field(i);
      RowType type = new RowType(field.type(), field.nullable());
      types.add(type);
      names.add(field.name());
      boolean hidden = target.hidden().contains(i);
      columns.add(
          new Scope.Column(field.name(), i, type, hidden, new ColumnOrigin(target.id(), i + 1)));
    }
    RelNode rel = rels.extension(new Extension.Scan(target), List.of(), rels.rowType(types, names));
    String name = alias == null ? target.name() : alias.text();
    Scope.Entry entry =
        new Scope.Entry(
            alias == null ? target.schemaName() : null, name, columns, target.uniqueKeys());
    return new FromItem(rel, List.of(entry), columns);
  }

  private Bound bound(
      RelationInfo.Stored target,
      RelNode rel,
      List<String> names,
      WriteConflict conflict,
      List<SqlNode> returning,
      @Nullable Name alias) {
    List<RexNode> values = new ArrayList<>();
    List<String> valueNames = new ArrayList<>();
    if (!returning.isEmpty()) {
      FromItem row = item(target, alias);
      Scope scope = new Scope(context, row.entries(), row.visible(), null);
      ExpressionBinder expressions =
          new ExpressionBinder(context, scope, Environment.EMPTY, Clause.RETURNING);
      SqlNodeList list = new SqlNodeList(returning, SqlParserPos.ZERO);
      for (SelectItems.Item item : new SelectItems(expressions).bind(list, false)) {
        if (ValuesSubqueries.hasSubquery(item.value())) {
          throw StatementErrors.unsupported(
              "a sub-query in RETURNING", ExpressionBinder.span(item.node()));
        }
        values.add(item.value());
        valueNames.add(item.name());
      }
    }
    List<ColumnOrigin> origins = Collections.nCopies(names.size(), ColumnOrigin.NONE);
    StatementBinder.Bound rows = new StatementBinder.Bound(rels, rel, names, origins, null);
    return new Bound(target, rows, conflict, values, valueNames);
  }

  private RelationInfo.Stored target(ObjectName name, String action, boolean streams) {
    @Nullable RelationInfo info = context.catalog().relation(name.schema(), name.name());
    if (info == null) {
      throw NameErrors.unknownRelation(
          name.toString(),
          name.name(),
          context.catalog().relationNames(name.schema()),
          name.span());
    }
    if (info instanceof RelationInfo.Stored stored
        && (stored.kind() == StoredKind.TABLE || (streams && stored.kind() == StoredKind.STREAM))) {
      return stored;
    }
    String kind =
        switch (info) {
          case RelationInfo.Logical logical -> "view";
          case RelationInfo.Model model -> "model";
          case RelationInfo.Stored stored ->
              switch (stored.kind()) {
                case TABLE -> "table";
                case STREAM -> "stream";
                case VIEW -> "materialized view";
                case SYSTEM -> "system catalog";
              };
        };
    throw new SqlException(
        ErrorCode.WRONG_OBJECT_TYPE,
        "cannot " + action + " " + kind + " \"" + info.name() + "\"",
        null,
        kind.equals("stream")
            ? "Streams are append-only: use INSERT, or a table with a primary key."
            : "Only tables can be changed" + (streams ? ", and streams inserted into." : "."),
        name.span(),
        null);
  }

  static int column(RelationInfo.Stored target, Name name) {
    int index = target.columns().indexOf(name.text());
    if (index < 0) {
      List<String> names = target.columns().fields().stream().map(Field::name).toList();
      throw new SqlException(
          ErrorCode.UNDEFINED_COLUMN,
          "column \"" + name.text() + "\" of relation \"" + target.name() + "\" does not exist",
          null,
          NameErrors.closest(name.text(), names)
              .map(c -> "Perhaps you meant the column \"" + c + "\".")
              .orElse(null),
          name.span(),
          null);
    }
    return index;
  }

  static RexNode defaultOf(BindContext context, RelationInfo.Stored target, int column) {
    SqlType type = target.columns().type(column);
    @Nullable Expr given = target.defaults().get(column);
    return given == null
        ? context.rex().nullOf(type)
        : context.rex().call(new Scalar.Lowered(given), type, given.nullable(), List.of());
  }
}
