package dev.aevum.planner.bind;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import dev.aevum.planner.error.NameErrors;
import dev.aevum.planner.error.TypeErrors;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import dev.aevum.planner.type.Casts;
import dev.aevum.planner.type.Casts.Context;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/// Gives expressions the types that their context wants: literals are read as the type, parameters
/// take it, the rest is cast.
final class Coercion {
  private final BindContext context;

  Coercion(BindContext context) {
    this.context = context;
  }

  private Rex rex() {
    return context.rex();
  }

  RexNode implicit(RexNode node, SqlType target, @Nullable SourceSpan span) {
    return cast(node, target, Context.IMPLICIT, span);
  }

  RexNode explicit(RexNode node, SqlType target, @Nullable SourceSpan span) {
    return cast(node, target, Context.EXPLICIT, span);
  }

  /// @throws SqlException 42846 when there is no such cast in that context
  RexNode cast(RexNode node, SqlType target, Context how, @Nullable SourceSpan span) {
    SqlType from = Rex.type(node);
    if (from.equals(target)) {
      return node;
    }
    if (from == SimpleType.UNKNOWN) {
      return settle(node, target, how, span);
    }
    if (isEmptyArray(node) && target instanceof ArrayType) {
      return rex().call(new Scalar.ArrayConstructor(), target, false, List.of());
    }
    if (!Casts.exists(from, target, how)) {
      throw TypeErrors.cannotCast(from, target, span);
    }
    @Nullable RexNode folded = foldNumber(node, target);
    if (folded != null) {
      return folded;
    }
    if (node instanceof RexCall call
        && Rex.scalar(node) instanceof Scalar.ArrayConstructor
        && target instanceof ArrayType array) {
      List<RexNode> elements = new ArrayList<>();
      for (RexNode element : call.getOperands()) {
        elements.add(cast(element, array.element(), how, span));
      }
      return rex().call(new Scalar.ArrayConstructor(), target, false, elements);
    }
    // An infinite timestamp has no time of day.
    boolean loses =
        target == SimpleType.TIME
            && (from == SimpleType.TIMESTAMP || from == SimpleType.TIMESTAMPTZ);
    boolean nullable = loses || Rex.nullable(node);
    return rex().call(new Scalar.Cast(how == Context.EXPLICIT), target, nullable, List.of(node));
  }

  static boolean isEmptyArray(RexNode node) {
    return Rex.scalar(node) instanceof Scalar.ArrayConstructor
        && ((RexCall) node).getOperands().isEmpty();
  }

  /// An unknown literal or parameter in a place of type `target`.
  private RexNode settle(RexNode node, SqlType target, Context how, @Nullable SourceSpan given) {
    BindContext.@Nullable ColumnUse written = context.use(node);
    @Nullable SourceSpan span = written == null ? given : written.span();
    switch (Rex.scalar(node)) {
      case Scalar.Constant constant -> {
        return constant.value() == null
            ? rex().nullOf(target)
            : read((String) constant.value(), target, how, span);
      }
      case Scalar.Parameter parameter -> {
        SqlType plain = withoutModifier(target);
        context.parameters().infer(parameter.number(), plain, span);
        RexNode typed = rex().call(parameter, plain, true, List.of());
        return plain.equals(target) ? typed : cast(typed, target, how, span);
      }
      case null, default -> {
        // A column of an inner query that stayed unknown is text.
        RexNode text =
            rex().call(new Scalar.Cast(false), SimpleType.TEXT, Rex.nullable(node), List.of(node));
        return target == SimpleType.TEXT ? text : cast(text, target, Context.EXPLICIT, span);
      }
    }
  }

  private static SqlType withoutModifier(SqlType type) {
    return switch (type) {
      case DecimalType d -> SimpleType.NUMERIC;
      case VarcharType v -> SimpleType.TEXT;
      case CharType c -> SimpleType.TEXT;
      case SimpleType s -> s;
      case ArrayType a -> new ArrayType(withoutModifier(a.element()));
      case CompositeType c -> c;
    };
  }

  private RexNode read(String text, SqlType target, Context how, @Nullable SourceSpan span) {
    if (target == SimpleType.TEXT || target == SimpleType.UNKNOWN) {
      return rex().constant(text, target);
    }
    if (target instanceof VarcharType || target instanceof CharType) {
      RexNode plain = rex().constant(text, SimpleType.TEXT);
      return rex().call(new Scalar.Cast(how == Context.EXPLICIT), target, false, List.of(plain));
    }
    if (isReg(target)) {
      OptionalLong value = context.catalog().resolveName(target, text);
      if (value.isEmpty()) {
        throw unknownObject(target, text, span);
      }
      return rex().constant(value.getAsLong(), target);
    }
    try {
      return rex().constant(context.catalog().readLiteral(text, target), target);
    } catch (SqlException e) {
      throw e.span() == null ? e.at(span) : e;
    }
  }

  static boolean isReg(SqlType type) {
    return type == SimpleType.REGCLASS
        || type == SimpleType.REGTYPE
        || type == SimpleType.REGPROC
        || type == SimpleType.REGNAMESPACE
        || type == SimpleType.REGROLE;
  }

  private SqlException unknownObject(SqlType type, String name, @Nullable SourceSpan span) {
    return switch ((SimpleType) type) {
      case REGTYPE -> NameErrors.unknownType(name, null, span);
      case REGNAMESPACE -> NameErrors.unknownSchema(name, span);
      case REGPROC ->
          new SqlException(
              ErrorCode.UNDEFINED_FUNCTION,
              "function \"" + name + "\" does not exist",
              null,
              null,
              span,
              null);
      case REGROLE ->
          new SqlException(
              ErrorCode.UNDEFINED_OBJECT,
              "role \"" + name + "\" does not exist",
              null,
              null,
              span,
              null);
      default ->
          NameErrors.unknownRelation(name, name, context.catalog().relationNames(null), span);
    };
  }

  /// A number literal in another numeric type, where the value is exact there.
  private @Nullable RexNode foldNumber(RexNode node, SqlType target) {
    if (!(Rex.scalar(node) instanceof Scalar.Constant constant)) {
      return null;
    }
    if (constant.value() == null) {
      return rex().nullOf(target);
    }
    BigDecimal value;
    if (Casts.isInteger(Rex.type(node)) && constant.value() instanceof Long number) {
      value = BigDecimal.valueOf(number);
    } else if (Casts.isNumeric(Rex.type(node)) && constant.value() instanceof BigDecimal number) {
      value = number;
    } else {
      return null;
    }
    @Nullable Object folded = exact(value, target);
    return folded == null ? null : rex().constant(folded, target);
  }

  private static @Nullable Object exact(BigDecimal value, SqlType target) {
    if (target instanceof DecimalType d) {
      if (value.scale() > d.scale()) {
        return null;
      }
      BigDecimal scaled = value.setScale(d.scale());
      return scaled.precision() <= d.precision() ? scaled : null;
    }
    if (target == SimpleType.NUMERIC) {
      return value;
    }
    if (target == SimpleType.DOUBLE) {
      double rounded = value.doubleValue();
      // Out of range is for the cast to say, when it runs.
      return Double.isInfinite(rounded) || rounded == 0 && value.signum() != 0
          ? null
          : (Object) rounded;
    }
    if (Casts.isInteger(target) && value.scale() == 0) {
      long limit =
          target == SimpleType.SMALLINT
              ? Short.MAX_VALUE
              : target == SimpleType.INTEGER ? Integer.MAX_VALUE : Long.MAX_VALUE;
      BigDecimal bound = BigDecimal.valueOf(limit);
      return value.abs().compareTo(bound) <= 0 ? (Object) value.longValueExact() : null;
    }
    return null;
  }

  /// What stays unknown at the end of a query is text.
  RexNode orText(RexNode node, @Nullable SourceSpan span) {
    return Rex.isUnknown(node) ? implicit(node, SimpleType.TEXT, span) : node;
  }

  RexNode bool(RexNode node, String construct, @Nullable SourceSpan span) {
    SqlType type = Rex.type(node);
    if (type != SimpleType.BOOLEAN && type != SimpleType.UNKNOWN) {
      throw TypeErrors.mustBe(construct, SimpleType.BOOLEAN, type, span);
    }
    return implicit(node, SimpleType.BOOLEAN, span);
  }

  /// All values in their common type.
  ///
  /// @throws SqlException 42804 `construct types A and B cannot be matched`
  List<RexNode> unify(List<RexNode> nodes, String construct, @Nullable SourceSpan span) {
    SqlType target = commonType(nodes.stream().map(Rex::type).toList(), construct, span);
    List<RexNode> result = new ArrayList<>(nodes.size());
    for (RexNode node : nodes) {
      result.add(implicit(node, target, span));
    }
    return result;
  }

  static SqlType commonType(List<SqlType> types, String construct, @Nullable SourceSpan span) {
    @Nullable SqlType target = Casts.common(types);
    if (target != null) {
      return target;
    }
    List<SqlType> seen = new ArrayList<>();
    for (SqlType type : types) {
      seen.add(type);
      if (Casts.common(seen) == null) {
        List<SqlType> before = seen.subList(0, seen.size() - 1);
        throw TypeErrors.cannotMatch(
            construct, java.util.Objects.requireNonNull(Casts.common(before)), type, span);
      }
    }
    throw new IllegalStateException("no common type of " + types);
  }
}
