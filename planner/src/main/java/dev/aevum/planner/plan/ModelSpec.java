package dev.aevum.planner.plan;

import dev.aevum.model.batch.Field;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.function.LearningSignature.Task;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a model learns and how.
///
/// @param algorithm name of a [dev.aevum.planner.plan.function.LearningSignature]
/// @param options that were given, checked, as text
/// @param target what is predicted; null for clusters
/// @param partition columns of which each combination of values has a model of its own
/// @param features in the order of [#features] of `predict`, with the types of the model's query
public record ModelSpec(
    String algorithm,
    Task task,
    Map<String, String> options,
    @Nullable Field target,
    List<Field> partition,
    List<Field> features) {
  public ModelSpec {
    options = Map.copyOf(options);
    partition = List.copyOf(partition);
    features = List.copyOf(features);
  }

  /// Whether a feature of the type is a number; else it is a category.
  public static boolean isNumber(SqlType type) {
    return type instanceof DecimalType
        || type instanceof SimpleType s
            && switch (s) {
              case SMALLINT, INTEGER, BIGINT, REAL, DOUBLE, NUMERIC -> true;
              default -> false;
            };
  }

  /// Whether rows that are taken back after they were learned stop the model.
  public boolean refusesRetractions() {
    return "error".equals(options.get("on_retract"));
  }
}
