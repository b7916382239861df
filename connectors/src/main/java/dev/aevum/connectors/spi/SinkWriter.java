package dev.aevum.connectors.spi;

import dev.aevum.model.batch.DeltaBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the changes of steps, in order, exactly once. One thread per sink calls it and may block
/// in it.
public interface SinkWriter extends AutoCloseable {
  /// The target keeps nothing: writing goes on from the present.
  long FROM_NOW = -1;

  /// The last step that the target holds for certain; 0 for none, [#FROM_NOW] for a target without
  /// memory. Called first, after every (re)start: steps after it are written next.
  long committedStep();

  /// Writes the changes (borrowed) of the steps that come after the last call's, up to `step`, so
  /// that they and the step number become visible together: a consolidated batch for each step that
  /// has any, in order. Retries what can be retried; throws SqlException when it cannot go on.
  void write(long step, List<DeltaBatch> changes);

  /// Why the target cannot be written just now, while a call tries again; else null. Any thread.
  default @Nullable String retrying() {
    return null;
  }

  @Override
  void close();
}
