package dev.aevum.executor.function;

import dev.aevum.executor.kernel.Kernel;
import dev.aevum.model.type.SqlType;
import java.util.List;

/// Picks the loop for the actual argument types of a call and its result type.
@FunctionalInterface
public interface KernelFactory {
  Kernel bind(List<SqlType> arguments, SqlType result);
}
