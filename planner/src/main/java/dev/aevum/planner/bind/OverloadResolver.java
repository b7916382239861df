package dev.aevum.planner.bind;

import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.FunctionSignature.ArgumentType;
import dev.aevum.planner.type.Casts;
import dev.aevum.planner.type.TypeCategory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Chooses among overloads as PostgreSQL does (its manual, 10.2 and 10.3).
final class OverloadResolver {
  /// How an argument's type meets a declared one.
  private enum Fit {
    EXACT,
    IMPLICIT,
    NONE
  }

  /// None, one, or several that PostgreSQL could not choose between.
  record Result(List<FunctionSignature> candidates) {
    boolean isUnique() {
      return candidates.size() == 1;
    }
  }

  private OverloadResolver() {}

  static Result resolve(
      List<FunctionSignature> overloads, List<SqlType> arguments, boolean operator) {
    List<FunctionSignature> candidates = new ArrayList<>();
    for (FunctionSignature signature : overloads) {
      if (takes(signature, arguments.size())) {
        candidates.add(signature);
      }
    }
    @Nullable FunctionSignature exact = exact(candidates, arguments, operator);
    if (exact != null) {
      return new Result(List.of(exact));
    }
    candidates.removeIf(c -> !viable(c, arguments));
    candidates = best(candidates, c -> exactCount(c, arguments));
    candidates = best(candidates, c -> preferredCount(c, arguments));
    if (candidates.size() > 1 && arguments.contains(SimpleType.UNKNOWN)) {
      candidates = byUnknowns(candidates, arguments);
    }
    if (candidates.size() > 1) {
      @Nullable FunctionSignature chosen = likeKnown(candidates, arguments);
      if (chosen != null) {
        return new Result(List.of(chosen));
      }
    }
    return new Result(candidates);
  }

  static boolean takes(FunctionSignature signature, int count) {
    int declared = signature.arguments().size();
    return signature.variadic() ? count >= declared - 1 : count == declared;
  }

  static ArgumentType declared(FunctionSignature signature, int position) {
    int last = signature.arguments().size() - 1;
    return signature.arguments().get(Math.min(position, last));
  }

  private static @Nullable FunctionSignature exact(
      List<FunctionSignature> candidates, List<SqlType> arguments, boolean operator) {
    List<SqlType> types = arguments;
    if (operator && arguments.size() == 2 && arguments.contains(SimpleType.UNKNOWN)) {
      SqlType known = arguments.get(0) == SimpleType.UNKNOWN ? arguments.get(1) : arguments.get(0);
      if (known == SimpleType.UNKNOWN) {
        return null;
      }
      types = List.of(known, known);
    }
    for (FunctionSignature candidate : candidates) {
      if (exactCount(candidate, types) == types.size() && viable(candidate, types)) {
        return candidate;
      }
    }
    return null;
  }

  private static Fit fit(ArgumentType declared, SqlType actual) {
    return switch (declared) {
      case ArgumentType.Exact exact -> {
        if (actual == SimpleType.UNKNOWN) {
          yield Fit.IMPLICIT;
        }
        if (Casts.sameFamily(actual, exact.type())) {
          yield Fit.EXACT;
        }
        yield Casts.implicit(actual, exact.type()) ? Fit.IMPLICIT : Fit.NONE;
      }
      case ArgumentType.AnyNumeric numeric -> {
        if (Casts.isNumeric(actual)) {
          yield Fit.EXACT;
        }
        yield actual == SimpleType.UNKNOWN || Casts.isInteger(actual) ? Fit.IMPLICIT : Fit.NONE;
      }
      case ArgumentType.AnyElement element -> Fit.IMPLICIT;
      case ArgumentType.Any any -> Fit.IMPLICIT;
      case ArgumentType.AnyArray array ->
          actual instanceof ArrayType
                  || actual == SimpleType.UNKNOWN
                  || TypeCategory.of(actual) == TypeCategory.ARRAY
              ? Fit.IMPLICIT
              : Fit.NONE;
    };
  }

  private static boolean viable(FunctionSignature candidate, List<SqlType> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      if (fit(declared(candidate, i), arguments.get(i)) == Fit.NONE) {
        return false;
      }
      // PostgreSQL's anynonarray: what an array is concatenated with becomes an element.
      if (candidate.name().equals("||")
          && declared(candidate, i) instanceof ArgumentType.Any
          && arguments.get(i) instanceof ArrayType) {
        return false;
      }
    }
    return Polymorphism.matches(candidate, arguments);
  }

  private static int exactCount(FunctionSignature candidate, List<SqlType> arguments) {
    int count = 0;
    for (int i = 0; i < arguments.size(); i++) {
      if (fit(declared(candidate, i), arguments.get(i)) == Fit.EXACT) {
        count++;
      }
    }
    return count;
  }

  private static int preferredCount(FunctionSignature candidate, List<SqlType> arguments) {
    int count = 0;
    for (int i = 0; i < arguments.size(); i++) {
      SqlType actual = arguments.get(i);
      if (actual == SimpleType.UNKNOWN) {
        continue;
      }
      ArgumentType declared = declared(candidate, i);
      if (fit(declared, actual) == Fit.EXACT
          || declared instanceof ArgumentType.Exact exact
              && TypeCategory.isPreferred(exact.type())
              && TypeCategory.of(exact.type()) == TypeCategory.of(actual)) {
        count++;
      }
    }
    return count;
  }

  private static List<FunctionSignature> best(
      List<FunctionSignature> candidates,
      java.util.function.ToIntFunction<FunctionSignature> score) {
    int most = candidates.stream().mapToInt(score).max().orElse(0);
    return new ArrayList<>(candidates.stream().filter(c -> score.applyAsInt(c) == most).toList());
  }

  /// Rule 4.e: unknown literals lean to strings, else to the one category that all candidates take.
  private static List<FunctionSignature> byUnknowns(
      List<FunctionSignature> candidates, List<SqlType> arguments) {
    List<FunctionSignature> left = candidates;
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i) != SimpleType.UNKNOWN) {
        continue;
      }
      int position = i;
      Set<TypeCategory> categories = EnumSet.noneOf(TypeCategory.class);
      for (FunctionSignature candidate : candidates) {
        categories.add(category(declared(candidate, position)));
      }
      TypeCategory chosen;
      if (categories.contains(TypeCategory.STRING)) {
        chosen = TypeCategory.STRING;
      } else if (categories.size() == 1) {
        chosen = categories.iterator().next();
      } else {
        return left;
      }
      List<FunctionSignature> kept =
          left.stream().filter(c -> category(declared(c, position)) == chosen).toList();
      List<FunctionSignature> preferred =
          kept.stream().filter(c -> isPreferred(declared(c, position))).toList();
      if (!kept.isEmpty()) {
        left = preferred.isEmpty() ? kept : preferred;
      }
    }
    return left;
  }

  private static TypeCategory category(ArgumentType declared) {
    return switch (declared) {
      case ArgumentType.Exact exact -> TypeCategory.of(exact.type());
      case ArgumentType.AnyNumeric numeric -> TypeCategory.NUMBER;
      case ArgumentType.AnyElement element -> TypeCategory.PSEUDO;
      case ArgumentType.AnyArray array -> TypeCategory.PSEUDO;
      case ArgumentType.Any any -> TypeCategory.PSEUDO;
    };
  }

  private static boolean isPreferred(ArgumentType declared) {
    return declared instanceof ArgumentType.Exact exact && TypeCategory.isPreferred(exact.type());
  }

  /// Rule 4.f: if all known arguments have one type, the unknown ones are taken for it too.
  private static @Nullable FunctionSignature likeKnown(
      List<FunctionSignature> candidates, List<SqlType> arguments) {
    List<SqlType> known =
        arguments.stream().filter(t -> t != SimpleType.UNKNOWN).distinct().toList();
    if (known.size() != 1 || !arguments.contains(SimpleType.UNKNOWN)) {
      return null;
    }
    List<SqlType> all = Collections.nCopies(arguments.size(), known.getFirst());
    List<FunctionSignature> left = candidates.stream().filter(c -> viable(c, all)).toList();
    return left.size() == 1 ? left.getFirst() : null;
  }
}
