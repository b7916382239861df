package dev.aevum.executor.sequence;

import dev.aevum.planner.plan.function.SequenceSignature;
import java.util.Map;

/// A sequence function: what SQL may say, and the algorithm behind it.
public record SequenceFunction(SequenceSignature signature, Factory factory) {
  /// Makes an instance for a call's options ([dev.aevum.planner.plan.SequenceCall]) and count of
  /// arguments.
  @FunctionalInterface
  public interface Factory {
    SequenceModel create(Map<String, Object> options, int arguments);
  }
}
