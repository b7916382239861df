package dev.aevum.executor.operator;

import dev.aevum.model.batch.DeltaBatch;

/// Takes rows that a scan refused.
@FunctionalInterface
public interface LateSink {
  /// The batch (all columns of the stream) is given away; `watermark` refused it.
  void refuse(int stream, long watermark, DeltaBatch batch);
}
