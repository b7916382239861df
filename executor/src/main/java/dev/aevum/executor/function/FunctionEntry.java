package dev.aevum.executor.function;

import dev.aevum.executor.aggregate.AggregateFunction;
import dev.aevum.executor.kernel.SetReturningKernel;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.function.FunctionSignature;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A signature and what runs it.
sealed interface FunctionEntry {
  FunctionSignature signature();

  record Scalar(FunctionSignature signature, KernelFactory factory) implements FunctionEntry {}

  record Aggregate(FunctionSignature signature, ConstantFactory factory) implements FunctionEntry {}

  record SetReturning(FunctionSignature signature, SetFactory factory) implements FunctionEntry {}

  /// Evaluated by the window operator itself.
  record Window(FunctionSignature signature) implements FunctionEntry {}

  @FunctionalInterface
  interface AggregateFactory {
    AggregateFunction bind(List<SqlType> arguments, SqlType result);
  }

  /// Of an aggregate with constants: `arguments` are the types of the others, `constants` by
  /// position in the signature.
  @FunctionalInterface
  interface ConstantFactory {
    AggregateFunction bind(
        List<SqlType> arguments, List<? extends @Nullable Object> constants, SqlType result);
  }

  @FunctionalInterface
  interface SetFactory {
    SetReturningKernel bind(List<SqlType> arguments, SqlType result);
  }
}
