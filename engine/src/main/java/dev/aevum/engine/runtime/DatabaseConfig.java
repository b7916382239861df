package dev.aevum.engine.runtime;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How a database runs.
///
/// @param folder the data folder; null: in memory, everything is gone at the end
/// @param workers threads that run views, 1 or more
/// @param memoryBytes bound of the engine's memory
/// @param clock the wall clock
/// @param nanoClock for durations only
/// @param seed of volatile functions' random bits and cancel keys
public record DatabaseConfig(
    @Nullable Path folder,
    int workers,
    long memoryBytes,
    InstantSource clock,
    LongSupplier nanoClock,
    long seed) {
  public DatabaseConfig {
    if (workers < 1 || workers > 256) {
      throw new IllegalArgumentException("workers: " + workers);
    }
  }

  long micros() {
    java.time.Instant now = clock.instant();
    return now.getEpochSecond() * 1_000_000L + now.getNano() / 1000;
  }
}
