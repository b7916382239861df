package dev.aevum.planner.bind;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.error.TypeErrors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The types of `$1`, `$2`, ...: declared ones stay, the others are fixed by the first context that
/// wants a type.
final class Parameters {
  private final List<SqlType> types = new ArrayList<>();

  /// `declared` in order; UNKNOWN where the client left the type open.
  Parameters(List<SqlType> declared) {
    types.addAll(declared);
  }

  /// The type known so far, UNKNOWN if none.
  SqlType type(int number) {
    while (types.size() < number) {
      types.add(SimpleType.UNKNOWN);
    }
    return types.get(number - 1);
  }

  /// The context wants `$number` to be of `type`; it was not known when the parameter was bound.
  void infer(int number, SqlType type, @Nullable SourceSpan span) {
    SqlType known = type(number);
    if (known != SimpleType.UNKNOWN && !known.equals(type)) {
      throw TypeErrors.inconsistentParameter(number, known, type, span);
    }
    types.set(number - 1, type);
  }

  /// All types at the end of binding.
  ///
  /// @throws dev.aevum.model.error.SqlException 42P18 when one is still open
  List<SqlType> resolved() {
    for (int i = 0; i < types.size(); i++) {
      if (types.get(i) == SimpleType.UNKNOWN) {
        throw TypeErrors.indeterminateParameter(i + 1, null);
      }
    }
    return List.copyOf(types);
  }
}
