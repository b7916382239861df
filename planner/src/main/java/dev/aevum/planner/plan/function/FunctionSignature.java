package dev.aevum.planner.plan.function;

import dev.aevum.model.type.SqlType;
import java.util.List;

/// One overload of a function, operator or aggregate. Identity is the object: the executor maps it
/// to its kernel.
///
/// @param name lower case, or the operator's symbol; prefix operators have one argument
/// @param arguments declared types; the last repeats when `variadic`
/// @param result the result type from the actual argument types (after implicit casts)
/// @param strict a NULL argument gives NULL without evaluation
/// @param mayFail evaluation can raise an error for some values (then lazy operands matter)
/// @param description one sentence for the reference page
/// @param example a SQL expression whose value a test shows, as `upper('abc') -> ABC`
public record FunctionSignature(
    String name,
    Kind kind,
    List<ArgumentType> arguments,
    boolean variadic,
    ResultRule result,
    boolean strict,
    Volatility volatility,
    boolean mayFail,
    String description,
    String example) {
  public FunctionSignature {
    arguments = List.copyOf(arguments);
  }

  public enum Kind {
    SCALAR,
    AGGREGATE,
    /// row_number and its kin: only with OVER.
    WINDOW,
    SET_RETURNING
  }

  public enum Volatility {
    IMMUTABLE,
    /// Fixed within a statement: now(), current_user.
    STABLE,
    VOLATILE
  }

  /// What an argument accepts without a cast.
  public sealed interface ArgumentType {
    /// Exactly this type (VARCHAR, CHAR and NAME count as TEXT by binary coercion).
    record Exact(SqlType type) implements ArgumentType {}

    /// `numeric` of any precision: DecimalType or NUMERIC; other numbers are cast to the narrowest
    /// DecimalType that holds them.
    record AnyNumeric() implements ArgumentType {}

    /// Any type; all AnyElement arguments of a call have one type, and AnyArray is an array of it.
    record AnyElement() implements ArgumentType {}

    record AnyArray() implements ArgumentType {}

    /// Any type, independent of the others ("any").
    record Any() implements ArgumentType {}
  }

  @FunctionalInterface
  public interface ResultRule {
    SqlType resolve(List<SqlType> actual);
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
