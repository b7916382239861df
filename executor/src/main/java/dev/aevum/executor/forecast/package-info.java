/// Forecasts as plain algorithms without SQL: a bank of models that learn each row, the best of
/// them by its past horizons, and intervals from the errors it made. A key's state is one block of
/// memory, which is the versioned encoding that storage keeps.
@NullMarked
package dev.aevum.executor.forecast;

import org.jspecify.annotations.NullMarked;
