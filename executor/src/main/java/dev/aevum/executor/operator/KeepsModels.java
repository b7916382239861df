package dev.aevum.executor.operator;

import dev.aevum.executor.sequence.ModelStatus;
import dev.aevum.planner.plan.PlanNode.SequenceNode;
import dev.aevum.planner.plan.SequenceCall;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/// An operator with a model a key, which can be looked at and made to begin anew.
public interface KeepsModels {
  SequenceNode modelNode();

  /// All models, call after call.
  void inspect(BiConsumer<SequenceCall, ModelStatus> to);

  /// Rows of the key that were folded again.
  long replayed(byte[] key);

  /// Changes of the key that came too late to be replayed: the model has not seen them.
  long forgotten(byte[] key);

  /// Models of keys (encoded) that satisfy the condition begin anew with the key's next row;
  /// returns how many keys.
  long reset(Predicate<byte[]> keysToReset);
}
