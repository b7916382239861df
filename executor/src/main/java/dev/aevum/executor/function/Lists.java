package dev.aevum.executor.function;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Kernel;
import dev.aevum.model.batch.Column;
import dev.aevum.model.text.JavaValues;
import dev.aevum.model.type.ArrayType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Kernels whose result is an array that is made as a Java list, as [JavaValues] has it. Objects
/// per row.
final class Lists {
  @FunctionalInterface
  interface ListFunction {
    /// Null: NULL.
    @Nullable List<@Nullable Object> apply(EvaluationContext context, Column[] arguments, int row);
  }

  private final ArrayType type;

  Lists(ArrayType type) {
    this.type = type;
  }

  Kernel kernel(ListFunction function) {
    return RowKernels.strict(
        type,
        (context, arguments, i, out) ->
            JavaValues.append(function.apply(context, arguments, i), out));
  }

  Kernel lenient(ListFunction function) {
    return RowKernels.lenient(
        type,
        (context, arguments, i, out) ->
            JavaValues.append(function.apply(context, arguments, i), out));
  }
}
