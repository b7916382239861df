package dev.aevum.planner.bind;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.parser.tree.FieldAccessNode;
import dev.aevum.parser.tree.FunctionCallNode;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/// Fields of composite values: results of sequence functions, and of
/// `information_schema._pg_expandarray`: x and n, the elements of an array and their numbers.
final class CompositeBinder {
  static final String EXPAND_ARRAY = "_pg_expandarray";
  static final List<String> EXPAND_ARRAY_FIELDS = List.of("x", "n");

  private final ExpressionBinder expressions;

  CompositeBinder(ExpressionBinder expressions) {
    this.expressions = expressions;
  }

  static boolean isExpandArray(org.apache.calcite.sql.SqlNode node) {
    return node instanceof FunctionCallNode call
        && call.name().getLast().equals(EXPAND_ARRAY)
        && call.arguments().size() == 1;
  }

  /// A row as a value: of type record, whose fields are f1, f2, ... as PostgreSQL names them.
  static RexNode value(Rex rex, RexNode row) {
    List<CompositeType.Attribute> attributes = new ArrayList<>();
    List<RexNode> fields = new ArrayList<>();
    for (RexNode field : ((RexCall) row).getOperands()) {
      RexNode item = Rex.scalar(field) instanceof Scalar.Row ? value(rex, field) : field;
      fields.add(item);
      attributes.add(new CompositeType.Attribute("f" + fields.size(), Rex.type(item)));
    }
    CompositeType type = new CompositeType(SimpleType.RECORD.displayName(), attributes);
    return rex.call(new Scalar.CompositeConstructor(), type, false, fields);
  }

  /// The hidden column that carries a field of a composite column.
  static String fieldColumn(String column, String field) {
    return column + "." + field;
  }

  /// The fields of a composite value in their order.
  record Fields(List<RexNode> values, List<String> names) {}

  Fields fields(FieldAccessNode node) {
    RexNode base =
        expressions
            .coercion()
            .orText(expressions.bind(node.base()), ExpressionBinder.span(node.base()));
    if (Rex.scalar(base) instanceof Scalar.Row) {
      base = value(expressions.rex(), base);
    }
    if (!(Rex.type(base) instanceof CompositeType composite)) {
      throw StatementErrors.of(
          ErrorCode.WRONG_OBJECT_TYPE,
          "type " + Rex.type(base).displayName() + " is not composite",
          node.fieldSpan());
    }
    List<RexNode> values = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < composite.attributes().size(); i++) {
      values.add(attribute(base, composite, i));
      names.add(composite.attributes().get(i).name());
    }
    return new Fields(values, names);
  }

  RexNode field(FieldAccessNode node) {
    if (node.isStar()) {
      throw StatementErrors.of(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "row expansion via \"*\" is not supported here",
          node.fieldSpan());
    }
    if (isExpandArray(node.base())) {
      return expand((FunctionCallNode) node.base(), node);
    }
    if (node.base() instanceof SqlIdentifier name) {
      List<String> parts = new ArrayList<>(name.names);
      parts.set(parts.size() - 1, fieldColumn(parts.getLast(), node.field()));
      @Nullable RexNode field = expressions.scope().tryResolve(parts, node.span());
      if (field != null) {
        return field;
      }
      // (t).c is t.c
      List<String> qualified = new ArrayList<>(name.names);
      qualified.add(node.field());
      @Nullable RexNode column = expressions.scope().tryResolve(qualified, node.span());
      if (column != null) {
        return column;
      }
    }
    RexNode base = expressions.bind(node.base());
    if (Rex.type(base) instanceof CompositeType composite) {
      return attribute(base, composite, node);
    }
    throw StatementErrors.of(
        ErrorCode.WRONG_OBJECT_TYPE,
        "column notation ."
            + node.field()
            + " applied to type "
            + Rex.type(base).displayName()
            + ", which is not a composite type",
        node.fieldSpan());
  }

  private RexNode attribute(RexNode base, CompositeType composite, FieldAccessNode node) {
    int index = composite.indexOf(node.field());
    if (index < 0) {
      throw StatementErrors.of(
          ErrorCode.UNDEFINED_COLUMN,
          "column \"" + node.field() + "\" not found in data type " + composite.name(),
          node.fieldSpan());
    }
    return attribute(base, composite, index);
  }

  private RexNode attribute(RexNode base, CompositeType composite, int index) {
    return expressions
        .rex()
        .call(
            new Scalar.Attribute(index),
            composite.attributes().get(index).type(),
            true,
            List.of(base));
  }

  private RexNode expand(FunctionCallNode call, FieldAccessNode node) {
    return expand(call, node.field(), node);
  }

  RexNode expand(FunctionCallNode call, String field, org.apache.calcite.sql.SqlNode at) {
    if (!expressions.clause().allowsSets()) {
      throw StatementErrors.setReturningNotAllowed(
          expressions.clause().shown(), ExpressionBinder.span(at));
    }
    FunctionBinder functions = new FunctionBinder(expressions);
    RexNode array = expressions.bind(call.arguments().getFirst());
    return switch (field) {
      case "x" -> functions.plain("unnest", List.of(array), call.span());
      case "n" ->
          functions.plain(
              "generate_subscripts",
              List.of(array, expressions.rex().constant(1L, SimpleType.INTEGER)),
              call.span());
      default ->
          throw StatementErrors.of(
              ErrorCode.UNDEFINED_COLUMN,
              "could not identify column \"" + field + "\" in record data type",
              ExpressionBinder.span(at));
    };
  }
}
