package dev.aevum.planner.plan.function;

import dev.aevum.model.batch.Field;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A function over the rows of a partition in event-time order that sees all of the past: anomaly
/// detectors and their kin. With OVER it gives a composite value of `columns`; as a table function
/// it appends them. Identity is the object.
///
/// @param name lower case
/// @param arguments how many values it takes (turned into double precision), at least and at most
/// @param columns of the result; one declared as timestamptz is a time of the rows and takes the
///   type of the time column ([#columns(SqlType)])
/// @param options that it knows, by name with `=>`; those of [SequenceFrame] come by themselves
/// @param positional names of options that may also be given behind the values, in this order
/// @param description one sentence for the reference page
/// @param layout of the model's state: views whose state has another one are filled anew
public record SequenceSignature(
    String name,
    int leastArguments,
    int mostArguments,
    List<Field> columns,
    List<Option> options,
    List<String> positional,
    String description,
    int layout) {
  public SequenceSignature {
    columns = List.copyOf(columns);
    options =
        Stream.concat(
                options.stream().filter(o -> !SequenceFrame.has(o.name())),
                SequenceFrame.OPTIONS.stream())
            .toList();
    positional = List.copyOf(positional);
  }

  /// Of the first layout.
  public SequenceSignature(
      String name,
      int leastArguments,
      int mostArguments,
      List<Field> columns,
      List<Option> options,
      List<String> positional,
      String description) {
    this(name, leastArguments, mostArguments, columns, options, positional, description, 1);
  }

  /// All options by name.
  public SequenceSignature(
      String name,
      int leastArguments,
      int mostArguments,
      List<Field> columns,
      List<Option> options,
      String description) {
    this(name, leastArguments, mostArguments, columns, options, List.of(), description);
  }

  /// The same function with another layout of its state.
  public SequenceSignature withLayout(int changed) {
    return new SequenceSignature(
        name, leastArguments, mostArguments, columns, options, positional, description, changed);
  }

  /// A constant that the function can be told.
  ///
  /// @param minimum and `maximum`: bounds of numbers, both inside
  /// @param choices of a text
  /// @param fallback the default as the reference page shows it
  public record Option(
      String name,
      Kind kind,
      double minimum,
      double maximum,
      List<String> choices,
      String fallback,
      String description) {
    public Option {
      choices = List.copyOf(choices);
    }

    /// The values it takes, in words.
    public String range() {
      return switch (kind) {
        case NUMBER, INTEGER -> bounds();
        case BOOLEAN -> "true or false";
        case TEXT -> String.join(", ", choices.stream().map(c -> "'" + c + "'").toList());
        case INTERVAL -> "a positive interval without months";
        case ROWS_OR_INTERVAL ->
            "rows (" + shown(minimum) + " or more) or a positive interval without months";
      };
    }

    /// The largest and the smallest number are no bounds to a reader.
    private String bounds() {
      boolean below = minimum > -Double.MAX_VALUE;
      boolean above = maximum < (kind == Kind.INTEGER ? Integer.MAX_VALUE : Double.MAX_VALUE);
      if (below && above) {
        return shown(minimum) + " to " + shown(maximum);
      }
      if (below) {
        return shown(minimum) + " or more";
      }
      return above ? shown(maximum) + " or less" : "any number";
    }

    /// A number as one would write it.
    public static String shown(double value) {
      return Double.isFinite(value)
              && Math.abs(value) < 1e18
              && (value == 0 || Math.abs(value) > 1e-18)
          ? BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()
          : Double.toString(value);
    }
  }

  public enum Kind {
    NUMBER,
    INTEGER,
    BOOLEAN,
    TEXT,
    INTERVAL,
    /// A count of rows (Long) or a length of event time ([dev.aevum.model.type.IntervalValue]).
    ROWS_OR_INTERVAL
  }

  public @Nullable Option option(String option) {
    return options.stream().filter(o -> o.name().equals(option)).findFirst().orElse(null);
  }

  /// The columns of the result over rows whose time has that type: timestamp or timestamptz.
  public List<Field> columns(SqlType time) {
    return columns.stream()
        .map(f -> f.type() == SimpleType.TIMESTAMPTZ ? new Field(f.name(), time, f.nullable()) : f)
        .toList();
  }

  public CompositeType type(SqlType time) {
    return new CompositeType(
        name + "_result",
        columns(time).stream().map(f -> new CompositeType.Attribute(f.name(), f.type())).toList());
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
