package dev.aevum.planner.plan.function;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// One overload of a function, operator or aggregate. Identity is the object: the executor maps it
/// to its kernel. An aggregate some of whose arguments are constants is bound to those of a call
/// ([#bound]); equal bindings are equal.
///
/// @param name lower case, or the operator's symbol; prefix operators have one argument
/// @param arguments declared types; the last repeats when `variadic`
/// @param result the result type from the actual argument types (after implicit casts)
/// @param strict a NULL argument gives NULL without evaluation
/// @param mayFail evaluation can raise an error for some values (then lazy operands matter)
/// @param description one sentence for the reference page
/// @param example a SQL expression whose value a test shows, as `upper('abc') -> ABC`
/// @param constants null, or which arguments of an aggregate are constants of the call
/// @param binding null, or what the constants of a call are: then this stands for one call's
///   aggregate
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
    String example,
    @Nullable Constants constants,
    @Nullable Binding binding) {
  public FunctionSignature {
    arguments = List.copyOf(arguments);
  }

  /// Without constants.
  public FunctionSignature(
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
    this(
        name,
        kind,
        arguments,
        variadic,
        result,
        strict,
        volatility,
        mayFail,
        description,
        example,
        null,
        null);
  }

  /// Arguments that must be constants, checked when the statement is prepared.
  ///
  /// @param names by position; empty for an ordinary argument. A name can be used with `=>`
  /// @param check what is wrong with the values (by position, null for ordinary arguments), null
  ///   for nothing
  public record Constants(List<String> names, ConstantCheck check) {
    public Constants {
      names = List.copyOf(names);
    }
  }

  @FunctionalInterface
  public interface ConstantCheck {
    @Nullable String complaint(List<? extends @Nullable Object> values);
  }

  /// The constants of one call, by position of `base`; null for ordinary arguments.
  public record Binding(FunctionSignature base, List<@Nullable Object> values) {
    public Binding {
      values = Collections.unmodifiableList(new ArrayList<>(values));
    }
  }

  /// A constant that is known when the statement runs: the value of its parameter `$number`.
  public record Open(int number) {
    @Override
    public String toString() {
      return "$" + number;
    }
  }

  /// This aggregate with the values of parameters among its constants.
  ///
  /// Errors: 22023 for NULL and what the function does not take.
  public FunctionSignature closed(IntFunction<@Nullable Object> parameters) {
    if (binding == null || binding.values().stream().noneMatch(Open.class::isInstance)) {
      return this;
    }
    Constants known = Objects.requireNonNull(constants);
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < binding.values().size(); i++) {
      if (!(binding.values().get(i) instanceof Open open)) {
        values.add(binding.values().get(i));
        continue;
      }
      Object value = parameters.apply(open.number());
      if (value == null) {
        throw new SqlException(
            ErrorCode.INVALID_PARAMETER_VALUE,
            known.names().get(i) + " of " + name + " must be a constant and not NULL");
      }
      boolean widen =
          value instanceof Number
              && arguments.get(i) instanceof ArgumentType.Exact exact
              && exact.type() == SimpleType.DOUBLE;
      values.add(widen ? (Object) ((Number) value).doubleValue() : value);
    }
    String complaint = known.check().complaint(values);
    if (complaint != null) {
      throw new SqlException(ErrorCode.INVALID_PARAMETER_VALUE, name + ": " + complaint);
    }
    return binding.base().bound(values);
  }

  /// This aggregate with the constants of a call.
  public FunctionSignature bound(List<@Nullable Object> values) {
    return new FunctionSignature(
        name,
        kind,
        arguments,
        variadic,
        result,
        strict,
        volatility,
        mayFail,
        description,
        example,
        constants,
        new Binding(this, values));
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
  public boolean equals(@Nullable Object other) {
    return this == other
        || binding != null && other instanceof FunctionSignature f && binding.equals(f.binding);
  }

  @Override
  public int hashCode() {
    return binding != null ? binding.hashCode() : System.identityHashCode(this);
  }
}
