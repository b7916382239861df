package dev.aevum.planner.bind;

import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.FunctionSignature.ArgumentType;
import dev.aevum.planner.type.Casts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The types that a chosen signature wants of its arguments, anyelement and anyarray filled in.
final class Polymorphism {
  private Polymorphism() {}

  static boolean matches(FunctionSignature signature, List<SqlType> arguments) {
    return element(signature, arguments) != null;
  }

  /// The type that `anyelement` stands for; TEXT where only unknown arguments tell; null when the
  /// arguments disagree.
  private static @Nullable SqlType element(FunctionSignature signature, List<SqlType> arguments) {
    List<SqlType> types = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      SqlType actual = arguments.get(i);
      switch (OverloadResolver.declared(signature, i)) {
        case ArgumentType.AnyElement element -> types.add(actual);
        case ArgumentType.AnyArray array -> types.add(elementOf(actual));
        case ArgumentType.Exact exact -> {}
        case ArgumentType.AnyNumeric numeric -> {}
        case ArgumentType.Any any -> {}
      }
    }
    return Casts.common(types);
  }

  static SqlType elementOf(SqlType type) {
    if (type instanceof ArrayType array) {
      return array.element();
    }
    if (type == SimpleType.INT2VECTOR) {
      return SimpleType.SMALLINT;
    }
    return type == SimpleType.OIDVECTOR ? SimpleType.OID : SimpleType.UNKNOWN;
  }

  /// Per argument the type to coerce it to.
  static List<SqlType> targets(FunctionSignature signature, List<SqlType> arguments) {
    @Nullable SqlType element = element(signature, arguments);
    if (element == null) {
      throw new IllegalStateException("arguments do not match " + signature.name());
    }
    List<SqlType> targets = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      SqlType actual = arguments.get(i);
      targets.add(
          switch (OverloadResolver.declared(signature, i)) {
            case ArgumentType.Exact exact -> exact(exact.type(), actual);
            case ArgumentType.AnyNumeric numeric ->
                actual == SimpleType.UNKNOWN ? SimpleType.NUMERIC : Casts.asNumeric(actual);
            case ArgumentType.AnyElement any -> element;
            case ArgumentType.AnyArray array -> new ArrayType(element);
            case ArgumentType.Any any -> actual == SimpleType.UNKNOWN ? SimpleType.TEXT : actual;
          });
    }
    return targets;
  }

  /// Varchar and name pass as text; char(n) is cast, which cuts its padding.
  private static SqlType exact(SqlType declared, SqlType actual) {
    boolean passes =
        declared == SimpleType.TEXT
            && (actual == SimpleType.NAME || actual instanceof dev.aevum.model.type.VarcharType);
    return passes ? actual : declared;
  }
}
