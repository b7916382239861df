package dev.aevum.executor.spi;

import dev.aevum.model.batch.DeltaBatch;

/// Moves batches between workers along numbered edges, in phases: in each step and for each edge
/// every worker sends any number of batches and then ends the phase; a receiver has all of a phase
/// when every sender has ended it. Batches are handed over by reference (given away). Queues are
/// bounded: a full one makes the sender take in its own input first.
public interface Exchange {
  int workers();

  void send(int edge, int fromWorker, int toWorker, DeltaBatch batch);

  void endPhase(int edge, int fromWorker, long step);

  /// The next batch for the worker on that edge, waiting for it; null when every sender has ended
  /// the phase.
  @org.jspecify.annotations.Nullable
  DeltaBatch receive(int edge, int worker, long step);
}
