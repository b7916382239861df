package dev.aevum.planner.bind;

import dev.aevum.parser.tree.ArrayNode;
import dev.aevum.parser.tree.ArraySubqueryNode;
import dev.aevum.parser.tree.CaseNode;
import dev.aevum.parser.tree.CastNode;
import dev.aevum.parser.tree.CollateNode;
import dev.aevum.parser.tree.ExistsNode;
import dev.aevum.parser.tree.FieldAccessNode;
import dev.aevum.parser.tree.FunctionCallNode;
import dev.aevum.parser.tree.IntervalLiteralNode;
import dev.aevum.parser.tree.MeasureNode;
import dev.aevum.parser.tree.RowNode;
import dev.aevum.parser.tree.SelectNode;
import dev.aevum.parser.tree.SubqueryNode;
import dev.aevum.parser.tree.SubscriptNode;
import dev.aevum.parser.tree.TypedLiteralNode;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOrderBy;
import org.jspecify.annotations.Nullable;

/// What PostgreSQL calls a select item without an alias (its FigureColname).
final class OutputNames {
  static final String UNNAMED = "?column?";

  private OutputNames() {}

  static String of(SqlNode node) {
    @Nullable String name = figure(node);
    return name == null ? UNNAMED : name;
  }

  private static @Nullable String figure(SqlNode node) {
    return switch (node) {
      case SqlIdentifier id -> id.names.getLast();
      case FunctionCallNode call -> call.name().getLast();
      case MeasureNode measure -> measure.name().names.getLast();
      case CastNode cast -> {
        @Nullable String inner = strong(cast.operand());
        yield inner == null ? cast.type().name() : inner;
      }
      case TypedLiteralNode literal -> literal.type().name();
      case IntervalLiteralNode literal -> "interval";
      case FieldAccessNode field -> field.field();
      case SubscriptNode subscript -> figure(subscript.base());
      case CollateNode collate -> figure(collate.operand());
      case CaseNode choice -> {
        @Nullable String otherwise = choice.otherwise() == null ? null : strong(choice.otherwise());
        yield otherwise == null ? "case" : otherwise;
      }
      case ArrayNode array -> "array";
      case ArraySubqueryNode array -> "array";
      case ExistsNode exists -> "exists";
      case RowNode row -> "row";
      case SubqueryNode subquery -> ofQuery(subquery.query());
      default -> null;
    };
  }

  /// The name of what has one of its own: columns, fields, functions and constructors, but not
  /// casts and CASE.
  private static @Nullable String strong(SqlNode node) {
    return switch (node) {
      case SqlIdentifier id -> figure(id);
      case FunctionCallNode call -> figure(call);
      case MeasureNode measure -> figure(measure);
      case FieldAccessNode field -> figure(field);
      case SubscriptNode subscript -> strong(subscript.base());
      case CollateNode collate -> strong(collate.operand());
      case CastNode cast -> strong(cast.operand());
      case ArrayNode array -> figure(array);
      case ArraySubqueryNode array -> figure(array);
      case ExistsNode exists -> figure(exists);
      case RowNode row -> figure(row);
      default -> null;
    };
  }

  private static @Nullable String ofQuery(SqlNode query) {
    return switch (query) {
      case SqlOrderBy ordered -> ofQuery(ordered.query);
      case SelectNode select when select.getSelectList().size() == 1 -> {
        SqlNode item = select.getSelectList().get(0);
        yield item instanceof dev.aevum.parser.tree.AliasNode alias ? alias.alias() : figure(item);
      }
      default -> null;
    };
  }
}
