package dev.aevum.executor.operator;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.model.step.ObjectId;
import dev.aevum.storage.state.StateBackend;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;

/// What the driver gives an operator instance. Confined to the worker's thread.
///
/// @param evaluation the evaluation context of the step under way: asked anew in each call
/// @param relation the view or sink that the operator belongs to
/// @param ordinal the node's place in the plan's post-order, from 1
/// @param name the node's name in reports
/// @param ownedShards the worker's shards
/// @param output where results go
/// @param errors the view's error relation
public record OperatorContext(
    BufferAllocator allocator,
    Supplier<EvaluationContext> evaluation,
    StateBackend state,
    int relation,
    int ordinal,
    String name,
    ShardRange ownedShards,
    Output output,
    ErrorSink errors) {
  private static final int TABLES_PER_OPERATOR = 256;

  /// The id of the operator's table `table` (0 to 255). Ids depend on the plan's shape only, so
  /// that a view deployed again finds its state.
  public ObjectId table(int table) {
    if (table < 0 || table >= TABLES_PER_OPERATOR) {
      throw new IllegalArgumentException("table " + table);
    }
    return new ObjectId(relation, ordinal * TABLES_PER_OPERATOR + table);
  }
}
