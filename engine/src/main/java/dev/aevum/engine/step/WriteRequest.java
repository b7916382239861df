package dev.aevum.engine.step;

import dev.aevum.engine.write.TableChange;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A transaction's writes, admitted whole into one step. The driver owns the changes from
/// [StepDriver#submit] on; `done` completes with the step's number when it is durable and
/// published, or exceptionally.
record WriteRequest(List<TableChange> changes, long rows, CompletableFuture<Long> done) {
  WriteRequest {
    changes = List.copyOf(changes);
  }

  long bytes() {
    return changes.stream().mapToLong(c -> c.batch().sizeBytes()).sum();
  }

  void close() {
    changes.forEach(TableChange::close);
  }
}
