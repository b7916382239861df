package dev.aevum.planner.plan.function;

import dev.aevum.planner.plan.function.SequenceSignature.Option;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An algorithm that CREATE MODEL ... USING can name.
///
/// @param options those that WITH may give
public record LearningSignature(String name, Task task, List<Option> options, String description) {
  public LearningSignature {
    options = List.copyOf(options);
  }

  /// What is predicted.
  public enum Task {
    /// A number.
    REGRESSION,
    /// A boolean.
    TWO_CLASSES,
    /// A boolean, text or whole number.
    CLASSES,
    /// Nothing that the rows have: which of them belong together.
    CLUSTERS;

    public String words() {
      return switch (this) {
        case REGRESSION -> "regression";
        case TWO_CLASSES -> "two classes";
        case CLASSES -> "classes";
        case CLUSTERS -> "clusters";
      };
    }
  }

  public @Nullable Option option(String option) {
    return options.stream().filter(o -> o.name().equals(option)).findFirst().orElse(null);
  }
}
