package dev.aevum.executor.query;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.planner.plan.AggregateCall;

/// Aggregates as window functions: each run of peers takes the aggregate over its partition's rows
/// up to its own end. Runs are folded as groups of their own frames, so the cost is the sum of the
/// frames' lengths.
final class FrameFold {
  private FrameFold() {}

  static Column evaluate(
      AggregateCall call, DeltaBatch sorted, OverFrames frames, QueryContext context) {
    try (ColumnWriter out = new ColumnWriter(context.allocator(), call.type(), frames.rows())) {
      for (int i = 0; i < frames.rows(); ) {
        int start = frames.partitionStart()[i];
        int end = frames.ordered() ? frames.peerEnd(i) : frames.partitionEnd(start);
        context.check();
        int length = end - start;
        int[] rows = new int[length];
        for (int k = 0; k < length; k++) {
          rows[k] = start + k;
        }
        try (DeltaBatch frame = Batches.rows(context.allocator(), sorted, rows, length);
            Column value = GroupFold.fold(call, frame, new int[length], 1, context)) {
          for (int k = i; k < end; k++) {
            out.appendFrom(value, 0);
          }
        }
        i = end;
      }
      return out.finish();
    }
  }
}
