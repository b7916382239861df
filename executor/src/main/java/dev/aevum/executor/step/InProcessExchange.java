package dev.aevum.executor.step;

import dev.aevum.executor.spi.Exchange;
import dev.aevum.model.batch.DeltaBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Exchange between threads of one process: a bounded ring for each pair of workers, which all
/// edges share.
///
/// A worker that waits (for room or for a phase's end) takes in all that is sent to it, into
/// inboxes of its own by edge. So every worker that waits makes room for the others, and one that
/// does not wait gets on: no deadlock. Batches of a phase are handed out when it is complete, in
/// the order of the senders, so that what follows does not depend on timing.
final class InProcessExchange implements Exchange {
  private static final int RING = 256;
  private static final int SPINS = 200;
  private static final long PARK_NANOS = 20_000;

  /// `batch` null: end of the phase.
  private record Message(int edge, @Nullable DeltaBatch batch) {}

  /// What one worker has taken in of one edge in the phase under way.
  private static final class Inbox {
    final List<ArrayDeque<DeltaBatch>> bySender = new ArrayList<>();
    int ended;

    Inbox(int workers) {
      for (int w = 0; w < workers; w++) {
        bySender.add(new ArrayDeque<>());
      }
    }
  }

  private final int workers;
  private final List<List<SpscRing<Message>>> rings = new ArrayList<>();
  private final List<Map<Integer, Inbox>> inboxes = new ArrayList<>();
  private volatile boolean stopped;

  InProcessExchange(int workers) {
    this.workers = workers;
    for (int from = 0; from < workers; from++) {
      List<SpscRing<Message>> row = new ArrayList<>();
      for (int to = 0; to < workers; to++) {
        row.add(new SpscRing<>(RING));
      }
      rings.add(row);
      inboxes.add(new HashMap<>());
    }
  }

  @Override
  public int workers() {
    return workers;
  }

  @Override
  public void send(int edge, int fromWorker, int toWorker, DeltaBatch batch) {
    if (fromWorker == toWorker) {
      inbox(edge, toWorker).bySender.get(fromWorker).add(batch);
    } else {
      put(fromWorker, toWorker, new Message(edge, batch));
    }
  }

  @Override
  public void endPhase(int edge, int fromWorker, long step) {
    for (int to = 0; to < workers; to++) {
      if (to == fromWorker) {
        inbox(edge, to).ended++;
      } else {
        put(fromWorker, to, new Message(edge, null));
      }
    }
  }

  @Override
  public @Nullable DeltaBatch receive(int edge, int worker, long step) {
    Inbox inbox = inbox(edge, worker);
    int idle = 0;
    while (inbox.ended < workers) {
      idle = takeIn(worker) ? 0 : idle + 1;
      pause(idle);
    }
    for (ArrayDeque<DeltaBatch> sent : inbox.bySender) {
      DeltaBatch batch = sent.poll();
      if (batch != null) {
        return batch;
      }
    }
    inbox.ended = 0;
    return null;
  }

  private void put(int from, int to, Message message) {
    SpscRing<Message> ring = rings.get(from).get(to);
    int idle = 0;
    while (!ring.offer(message)) {
      idle = takeIn(from) ? 0 : idle + 1;
      pause(idle);
    }
  }

  /// Moves what was sent to the worker into its inboxes; false when there was nothing.
  private boolean takeIn(int worker) {
    boolean any = false;
    for (int from = 0; from < workers; from++) {
      SpscRing<Message> ring = rings.get(from).get(worker);
      for (Message m = ring.poll(); m != null; m = ring.poll()) {
        any = true;
        Inbox inbox = inbox(m.edge(), worker);
        if (m.batch() == null) {
          inbox.ended++;
        } else {
          inbox.bySender.get(from).add(m.batch());
        }
      }
    }
    return any;
  }

  private Inbox inbox(int edge, int worker) {
    return inboxes.get(worker).computeIfAbsent(edge, e -> new Inbox(workers));
  }

  private void pause(int idle) {
    if (stopped) {
      throw new IllegalStateException("the exchange was stopped");
    }
    if (idle > SPINS) {
      LockSupport.parkNanos(this, PARK_NANOS);
    } else if (idle > 0) {
      Thread.onSpinWait();
    }
  }

  /// Ends all waiting with an error: a worker will never come.
  void stop() {
    stopped = true;
  }

  /// Frees what was sent and not received. Only while no worker runs.
  void close() {
    for (int worker = 0; worker < workers; worker++) {
      takeIn(worker);
      for (Inbox inbox : inboxes.get(worker).values()) {
        inbox.bySender.forEach(q -> q.forEach(DeltaBatch::close));
      }
      inboxes.get(worker).clear();
    }
  }
}
