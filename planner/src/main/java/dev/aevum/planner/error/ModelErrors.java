package dev.aevum.planner.error;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is wrong with CREATE MODEL and calls of predict.
public final class ModelErrors {
  private ModelErrors() {}

  private static SqlException error(
      ErrorCode code,
      String message,
      @Nullable String detail,
      @Nullable String hint,
      @Nullable SourceSpan span) {
    return new SqlException(code, message, detail, hint, span, null);
  }

  public static SqlException noRelation(String model, @Nullable SourceSpan span) {
    return error(
        ErrorCode.WRONG_OBJECT_TYPE,
        "\"" + model + "\" is a model",
        null,
        "Use predict(" + model + ", ...); aevum.models and aevum.model_metrics tell about it.",
        span);
  }

  /// @param models that there are
  public static SqlException unknownModel(
      String shown, Collection<String> models, @Nullable SourceSpan span) {
    String hint =
        NameErrors.closest(shown.substring(shown.lastIndexOf('.') + 1), models)
            .map(m -> "Perhaps you meant the model \"" + m + "\".")
            .orElse(null);
    return error(
        ErrorCode.UNDEFINED_OBJECT, "model \"" + shown + "\" does not exist", null, hint, span);
  }

  public static SqlException notModel(String shown, @Nullable SourceSpan span) {
    return error(
        ErrorCode.UNDEFINED_OBJECT,
        "\"" + shown + "\" is not a model",
        null,
        "The first argument of predict is the name of a model, without quotes.",
        span);
  }

  public static SqlException noArguments(String function, @Nullable SourceSpan span) {
    return error(
        ErrorCode.UNDEFINED_FUNCTION,
        "function " + function + "() does not exist",
        null,
        "The first argument is the name of a model, the others its features.",
        span);
  }

  /// @param call the call with the types of its arguments
  public static SqlException wrongArguments(
      String call, String expected, @Nullable SourceSpan span) {
    return error(
        ErrorCode.UNDEFINED_FUNCTION,
        "function " + call + " does not exist",
        null,
        "The model takes " + expected + ".",
        span);
  }

  public static SqlException outerJoin() {
    return error(
        ErrorCode.FEATURE_NOT_SUPPORTED,
        "predict in the condition of an outer join is not supported",
        null,
        "Compute it in a sub-query of the side that it reads.",
        null);
  }

  public static SqlException noProbability(String model, String task, @Nullable SourceSpan span) {
    return error(
        ErrorCode.UNDEFINED_FUNCTION,
        "model \"" + model + "\" has no probabilities",
        "Its task is " + task + ".",
        "Use predict.",
        span);
  }

  public static SqlException unknownAlgorithm(
      String name, List<String> known, @Nullable SourceSpan span) {
    return error(
        ErrorCode.UNDEFINED_OBJECT,
        "algorithm \"" + name + "\" does not exist",
        null,
        NameErrors.closest(name, known)
                .map(a -> "Perhaps you meant the algorithm \"" + a + "\". ")
                .orElse("")
            + "Algorithms: "
            + NameErrors.list(known)
            + ".",
        span);
  }

  public static SqlException unknownOption(
      String algorithm, String option, List<String> known, @Nullable SourceSpan span) {
    return error(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "algorithm " + algorithm + " has no option \"" + option + "\"",
        null,
        NameErrors.optionHint(option, known),
        span);
  }

  public static SqlException optionRange(
      String option, String range, String given, @Nullable SourceSpan span) {
    return error(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "option \"" + option + "\" must be " + range + ", not " + given,
        null,
        null,
        span);
  }

  public static SqlException target(String algorithm, String wanted, @Nullable SourceSpan span) {
    return error(
        ErrorCode.INVALID_TABLE_DEFINITION,
        "algorithm " + algorithm + " predicts " + wanted,
        null,
        wanted.equals("clusters")
            ? "Leave PREDICT out."
            : "Write PREDICT column type, of a type that fits.",
        span);
  }

  public static SqlException missingColumn(String column, @Nullable SourceSpan span) {
    return error(
        ErrorCode.UNDEFINED_COLUMN,
        "column \"" + column + "\" does not exist",
        "The model's query has no such column.",
        null,
        span);
  }

  public static SqlException targetType(
      String column, String declared, String actual, @Nullable SourceSpan span) {
    return error(
        ErrorCode.DATATYPE_MISMATCH,
        "column \"" + column + "\" is of type " + actual + " but PREDICT says " + declared,
        null,
        "Cast the column in the query, or change the type after PREDICT.",
        span);
  }

  public static SqlException feature(String column, String type, @Nullable SourceSpan span) {
    return error(
        ErrorCode.DATATYPE_MISMATCH,
        "column \"" + column + "\" of type " + type + " cannot be a feature",
        "Features are numbers, boolean, text and uuid.",
        "Leave the column out, or make numbers of it, as with extract.",
        span);
  }

  public static SqlException partition(String column, String type, @Nullable SourceSpan span) {
    return error(
        ErrorCode.FEATURE_NOT_SUPPORTED,
        "column \"" + column + "\" of type " + type + " cannot partition a model",
        null,
        "Cast it to text.",
        span);
  }

  public static SqlException noFeatures(@Nullable SourceSpan span) {
    return error(
        ErrorCode.INVALID_TABLE_DEFINITION,
        "the model has no features",
        null,
        "Add columns to the query besides the target, the partition and the time.",
        span);
  }
}
