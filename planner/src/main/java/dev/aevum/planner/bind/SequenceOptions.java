package dev.aevum.planner.bind;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.tree.ArgumentNode;
import dev.aevum.planner.error.NameErrors;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.function.SequenceSignature;
import dev.aevum.planner.plan.function.SequenceSignature.Option;
import dev.aevum.planner.rex.Rex;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/// The options of a sequence function: constants by name, checked when the statement is prepared.
final class SequenceOptions {
  private final ExpressionBinder expressions;
  private final SequenceSignature signature;
  private final List<String> others;

  /// @param others options that the statement knows beside those of the function
  SequenceOptions(ExpressionBinder expressions, SequenceSignature signature, List<String> others) {
    this.expressions = expressions;
    this.signature = signature;
    this.others = others;
  }

  /// Errors: 22023 with the option and its range.
  Map<String, Object> bind(List<ArgumentNode> given) {
    Map<String, Object> values = new TreeMap<>();
    for (ArgumentNode argument : given) {
      @Nullable Option option = signature.option(argument.name());
      if (option == null) {
        throw unknown(argument);
      }
      if (values.put(option.name(), value(option, argument)) != null) {
        throw StatementErrors.syntax(
            "option \"" + option.name() + "\" is given twice", span(argument));
      }
    }
    return values;
  }

  private static @Nullable SourceSpan span(ArgumentNode argument) {
    return ExpressionBinder.span(argument);
  }

  private SqlException unknown(ArgumentNode argument) {
    return new SqlException(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "function " + signature.name() + " has no option \"" + argument.name() + "\"",
        null,
        NameErrors.optionHint(
            argument.name(),
            Stream.concat(signature.options().stream().map(Option::name), others.stream())
                .toList()),
        span(argument),
        null);
  }

  private SqlException outOfRange(Option option, ArgumentNode argument, String given) {
    return StatementErrors.of(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "option \""
            + option.name()
            + "\" of "
            + signature.name()
            + " must be "
            + option.range()
            + ", not "
            + given,
        span(argument));
  }

  private Object value(Option option, ArgumentNode argument) {
    RexNode bound = expressions.bind(argument.value());
    return switch (option.kind()) {
      case NUMBER -> number(option, argument, bound);
      case INTEGER -> {
        double value = number(option, argument, bound);
        if (value != Math.rint(value)) {
          throw outOfRange(option, argument, Option.shown(value));
        }
        yield (long) value;
      }
      case BOOLEAN -> constant(option, argument, bound, SimpleType.BOOLEAN);
      case TEXT -> {
        String text = (String) constant(option, argument, bound, SimpleType.TEXT);
        if (!option.choices().contains(text)) {
          throw outOfRange(option, argument, "'" + text + "'");
        }
        yield text;
      }
      case INTERVAL -> interval(option, argument, bound);
      case ROWS_OR_INTERVAL -> {
        SqlType type = Rex.type(bound);
        if (type == SimpleType.INTERVAL || type == SimpleType.UNKNOWN) {
          yield interval(option, argument, bound);
        }
        double rows = number(option, argument, bound);
        if (rows != Math.rint(rows)) {
          throw outOfRange(option, argument, Option.shown(rows));
        }
        yield (long) rows;
      }
    };
  }

  private double number(Option option, ArgumentNode argument, RexNode bound) {
    double value = (Double) constant(option, argument, bound, SimpleType.DOUBLE);
    if (!(value >= option.minimum() && value <= option.maximum())) {
      throw outOfRange(option, argument, Option.shown(value));
    }
    return value;
  }

  private IntervalValue interval(Option option, ArgumentNode argument, RexNode bound) {
    IntervalValue value = (IntervalValue) constant(option, argument, bound, SimpleType.INTERVAL);
    if (value.months() != 0
        || value.days() < 0
        || value.micros() < 0
        || value.days() == 0 && value.micros() == 0) {
      throw outOfRange(
          option,
          argument,
          "'" + PgText.formatValue(SimpleType.INTERVAL, value, TextStyle.DEFAULT) + "'");
    }
    return value;
  }

  /// Errors: 22023 for NULL and for what is no constant of the type.
  private Object constant(Option option, ArgumentNode argument, RexNode bound, SqlType type) {
    @Nullable Object value = ConstantValues.of(typed(option, argument, bound, type));
    if (value == null) {
      throw StatementErrors.of(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "option \""
              + option.name()
              + "\" of "
              + signature.name()
              + " must be a constant, "
              + option.range()
              + ", and not NULL",
          span(argument));
    }
    return value;
  }

  /// A text that does not read as the type, and a type that does not become it, are out of range.
  private RexNode typed(Option option, ArgumentNode argument, RexNode bound, SqlType type) {
    try {
      return expressions.coercion().implicit(bound, type, span(argument));
    } catch (SqlException e) {
      if (e.code() == ErrorCode.INVALID_TEXT_REPRESENTATION
          || e.code() == ErrorCode.INVALID_DATETIME_FORMAT) {
        throw outOfRange(option, argument, "'" + ConstantValues.of(bound) + "'");
      }
      if (e.code() == ErrorCode.CANNOT_COERCE || e.code() == ErrorCode.DATATYPE_MISMATCH) {
        throw outOfRange(option, argument, "of type " + Rex.type(bound).displayName());
      }
      throw e;
    }
  }
}
