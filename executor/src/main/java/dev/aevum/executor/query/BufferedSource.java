package dev.aevum.executor.query;

import dev.aevum.model.batch.DeltaBatch;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// A source that makes batches ahead of their use: [#fill] emits some, or says that there are no
/// more.
abstract class BufferedSource implements RowSource {
  private final Queue<DeltaBatch> ready = new ArrayDeque<>();
  private boolean ended;

  /// Emits any number of batches; false when the source has ended.
  abstract boolean fill();

  final void emit(DeltaBatch batch) {
    if (batch.rows() == 0) {
      batch.close();
    } else {
      ready.add(batch);
    }
  }

  @Override
  public final @Nullable DeltaBatch next() {
    while (ready.isEmpty() && !ended) {
      ended = !fill();
    }
    return ready.poll();
  }

  @Override
  public void close() {
    ready.forEach(DeltaBatch::close);
    ready.clear();
    ended = true;
  }
}
