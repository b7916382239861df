package dev.aevum.testing.random;

import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.function.FunctionCatalog;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.FunctionSignature.ArgumentType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Overloads by exact argument types: nothing is cast.
public final class Signatures {
  private final FunctionCatalog catalog;

  public Signatures(FunctionCatalog catalog) {
    this.catalog = catalog;
  }

  public @Nullable FunctionSignature find(
      String name, FunctionSignature.Kind kind, List<SqlType> types) {
    for (FunctionSignature f : catalog.named(name)) {
      if (f.kind() == kind && accepts(f, types)) {
        return f;
      }
    }
    return null;
  }

  private static boolean accepts(FunctionSignature f, List<SqlType> types) {
    int declared = f.arguments().size();
    if (f.variadic() ? types.size() < declared : types.size() != declared) {
      return false;
    }
    SqlType element = null;
    for (int i = 0; i < types.size(); i++) {
      ArgumentType argument = f.arguments().get(Math.min(i, declared - 1));
      SqlType actual = types.get(i);
      boolean fits =
          switch (argument) {
            case ArgumentType.Exact(SqlType type) -> type.equals(actual);
            case ArgumentType.AnyNumeric() ->
                actual instanceof DecimalType || actual == SimpleType.NUMERIC;
            case ArgumentType.AnyElement() -> element == null || element.equals(actual);
            case ArgumentType.AnyArray() ->
                actual instanceof ArrayType a && (element == null || element.equals(a.element()));
            case ArgumentType.Any() -> true;
          };
      if (!fits) {
        return false;
      }
      if (argument instanceof ArgumentType.AnyElement) {
        element = actual;
      }
      if (argument instanceof ArgumentType.AnyArray) {
        element = ((ArrayType) actual).element();
      }
    }
    return true;
  }
}
