package dev.aevum.planner.plan.function;

import java.util.Collection;
import java.util.List;

/// All functions and operators that SQL can name. Immutable after start-up.
public interface FunctionCatalog {
  /// Every overload of `name` (lower case, without schema), in order of registration; empty when
  /// there is none.
  List<FunctionSignature> named(String name);

  Collection<FunctionSignature> all();

  /// The functions over event-time order ([SequenceSignature]).
  default List<SequenceSignature> sequences() {
    return List.of();
  }

  /// The algorithms of CREATE MODEL.
  default List<LearningSignature> algorithms() {
    return List.of();
  }
}
