package dev.aevum.storage.contents;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The contents of all relations. The step thread creates, drops and publishes; any thread reads
/// [#current]; a merge thread of its own keeps the runs of each relation geometric (an older run is
/// at least twice the next one).
///
/// Leaving memory: the base's owner takes a version with [#freeze], writes all its runs to the base
/// under that version's step, and hands the base's new view to [#applied], which takes those runs
/// out. Frozen runs are not merged with later ones meanwhile.
public final class ContentsStore implements AutoCloseable {
  private static final int MAX_RUNS = 64;

  /// Runs are arrays: what is merged has to fit one, with room.
  private static final long MAX_MERGED_BYTES = 1L << 30;

  private static final Logger LOG = LoggerFactory.getLogger(ContentsStore.class);

  private final long maxMergedBytes;
  private final Object writing = new Object();
  private final Semaphore mergeWork = new Semaphore(0);
  private final Thread merger;
  private volatile ContentsVersion current;
  private volatile boolean closed;
  private volatile @Nullable Throwable failure;
  private @Nullable ContentsVersion frozen;

  /// `step`: the last published step.
  public ContentsStore(long step) {
    this(step, MAX_MERGED_BYTES);
  }

  /// @param maxMergedBytes runs of together more are left apart
  ContentsStore(long step, long maxMergedBytes) {
    this.maxMergedBytes = maxMergedBytes;
    this.current = new ContentsVersion(step, Map.of());
    this.merger = Thread.ofPlatform().name("contents-merge").daemon().start(this::mergeLoop);
  }

  /// The contents at the last published step.
  public ContentsVersion current() {
    return current;
  }

  /// Adds a relation: without rows, or with `rows` rows that `base` holds.
  public void create(ContentsLayout layout, @Nullable BaseView base, long rows) {
    synchronized (writing) {
      Map<Integer, Spine> spines = new HashMap<>(current.spines());
      spines.put(layout.relation(), new Spine(layout, List.of(), base, rows));
      current = new ContentsVersion(current.step(), spines);
    }
  }

  /// Gives a relation's rows another form. The rows of the old form are still counted and have to
  /// be taken away ([ContentsVersion#removal]) with the change that brings the new ones; until then
  /// nobody may decode them. Waits for a freeze to end. Step thread.
  public void relayout(ContentsLayout layout) {
    synchronized (writing) {
      while (frozen != null) {
        try {
          writing.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException("interrupted while contents were being moved", e);
        }
      }
      Spine old = current.spines().get(layout.relation());
      if (old == null) {
        throw new IllegalStateException("no contents of relation " + layout.relation());
      }
      replace(layout.relation(), new Spine(layout, old.runs(), old.base(), old.rows()));
    }
  }

  public void drop(int relation) {
    synchronized (writing) {
      Map<Integer, Spine> spines = new HashMap<>(current.spines());
      spines.remove(relation);
      current = new ContentsVersion(current.step(), spines);
    }
  }

  /// Makes a step visible: the runs of the relations that changed.
  public void publish(long step, Map<Integer, Run> runs) {
    Throwable broken = failure;
    if (broken != null) {
      throw new IllegalStateException("the merge thread failed", broken);
    }
    synchronized (writing) {
      Map<Integer, Spine> spines = new HashMap<>(current.spines());
      for (Map.Entry<Integer, Run> e : runs.entrySet()) {
        Spine spine = spines.get(e.getKey());
        if (spine != null && e.getValue().entries() > 0) {
          Spine next = spine.with(e.getValue());
          if (next.rows() < 0) {
            throw ContentsVersion.negative(e.getKey());
          }
          spines.put(e.getKey(), next.runs().size() > MAX_RUNS ? mergedNewest(next) : next);
        }
      }
      current = new ContentsVersion(step, spines);
    }
    mergeWork.release();
  }

  /// Begins to move contents to the base; one at a time.
  public ContentsVersion freeze() {
    synchronized (writing) {
      if (frozen != null) {
        throw new IllegalStateException("already frozen at step " + frozen.step());
      }
      frozen = current;
      return frozen;
    }
  }

  /// The runs of `version` are in the base, as `view` shows them. A null view: nothing was moved,
  /// the freeze ends.
  public void applied(ContentsVersion version, @Nullable BaseView view) {
    synchronized (writing) {
      if (frozen != version) {
        throw new IllegalStateException("not frozen at step " + version.step());
      }
      frozen = null;
      writing.notifyAll();
      if (view == null) {
        return;
      }
      Map<Integer, Spine> spines = new HashMap<>();
      for (Map.Entry<Integer, Spine> e : current.spines().entrySet()) {
        Spine now = e.getValue();
        Spine then = version.spines().get(e.getKey());
        int moved = then == null || then.layout() != now.layout() ? 0 : then.runs().size();
        List<Run> left = now.runs().subList(moved, now.runs().size());
        spines.put(e.getKey(), new Spine(now.layout(), left, view, now.rows()));
      }
      current = new ContentsVersion(current.step(), spines);
    }
  }

  /// Bytes of all runs in memory.
  public long sizeBytes() {
    long size = 0;
    for (Spine spine : current.spines().values()) {
      size += spine.sizeBytes();
    }
    return size;
  }

  private void mergeLoop() {
    try {
      while (!closed) {
        mergeWork.acquire();
        mergeWork.drainPermits();
        boolean more = true;
        while (more && !closed) {
          more = false;
          for (Integer relation : current.spines().keySet()) {
            more |= mergedIfPossible(relation);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      LOG.error("event=contents_merge_failed", e);
      failure = e;
    }
  }

  /// As [#mergeOnce]. Without memory for it the runs stay apart until the next step: reading them
  /// takes longer, nothing is wrong.
  private boolean mergedIfPossible(int relation) {
    try {
      return mergeOnce(relation);
    } catch (OutOfMemoryError e) {
      LOG.warn("event=contents_not_merged relation={} message=\"{}\"", relation, e.getMessage());
      return false;
    }
  }

  /// Merges one pair of neighbouring runs of the relation that are out of proportion; false when
  /// there is none.
  boolean mergeOnce(int relation) {
    Spine spine = current.spines().get(relation);
    if (spine == null) {
      return false;
    }
    int at = unbalanced(spine, firstMergeable(relation));
    if (at < 0) {
      return false;
    }
    Run older = spine.runs().get(at);
    Run newer = spine.runs().get(at + 1);
    Run merged = merge(older, newer);
    synchronized (writing) {
      Spine now = current.spines().get(relation);
      int place = now == null ? -1 : now.runs().indexOf(older);
      if (now == null
          || place < 0
          || place < firstMergeable(relation)
          || place + 1 >= now.runs().size()
          || now.runs().get(place + 1) != newer) {
        return true;
      }
      List<Run> runs = new ArrayList<>(now.runs());
      runs.subList(place, place + 2).clear();
      if (merged.entries() > 0) {
        runs.add(place, merged);
      }
      replace(relation, new Spine(now.layout(), runs, now.base(), now.rows()));
    }
    return true;
  }

  private void replace(int relation, Spine spine) {
    Map<Integer, Spine> spines = new HashMap<>(current.spines());
    spines.put(relation, spine);
    current = new ContentsVersion(current.step(), spines);
  }

  private int firstMergeable(int relation) {
    synchronized (writing) {
      ContentsVersion still = frozen;
      Spine then = still == null ? null : still.spines().get(relation);
      Spine now = current.spines().get(relation);
      return then == null || now == null || then.layout() != now.layout() ? 0 : then.runs().size();
    }
  }

  /// The newest pair whose older run is less than twice the newer, of those that fit one run.
  private int unbalanced(Spine spine, int from) {
    List<Run> runs = spine.runs();
    for (int i = runs.size() - 2; i >= from; i--) {
      long older = runs.get(i).sizeBytes();
      long newer = runs.get(i + 1).sizeBytes();
      if (older < 2 * newer && older + newer <= maxMergedBytes) {
        return i;
      }
    }
    return -1;
  }

  /// Many small runs have come faster than the merge thread took them: the newest become few.
  private Spine mergedNewest(Spine spine) {
    List<Run> runs = new ArrayList<>(spine.runs());
    int first = Math.max(firstMergeable(spine.layout().relation()), runs.size() - MAX_RUNS / 2);
    if (runs.size() - first < 2) {
      return spine;
    }
    List<Run> newest = runs.subList(first, runs.size());
    List<Run> fewer = new ArrayList<>();
    Run merged = newest.getFirst();
    for (Run run : newest.subList(1, newest.size())) {
      if (merged.sizeBytes() + run.sizeBytes() <= maxMergedBytes) {
        merged = merge(merged, run);
      } else {
        fewer.add(merged);
        merged = run;
      }
    }
    fewer.add(merged);
    newest.clear();
    runs.addAll(fewer);
    return new Spine(spine.layout(), runs, spine.base(), spine.rows());
  }

  static Run merge(Run a, Run b) {
    int most = a.entries() + b.entries();
    byte[] bytes = new byte[Math.addExact(a.bytes().length, b.bytes().length)];
    int[] ends = new int[most + 1];
    int[] keyLengths = new int[most];
    long[] weights = new long[most];
    int made = 0;
    int used = 0;
    long total = 0;
    try (MergeCursor cursor =
        new MergeCursor(List.of(new RunCursor(a, new byte[0]), new RunCursor(b, new byte[0])))) {
      while (cursor.next()) {
        int length = cursor.end();
        System.arraycopy(cursor.bytes(), 0, bytes, used, length);
        keyLengths[made] = cursor.rowStart();
        weights[made] = cursor.weight();
        total += cursor.weight();
        used += length;
        ends[++made] = used;
      }
    }
    return new Run(
        java.util.Arrays.copyOf(bytes, used),
        java.util.Arrays.copyOf(ends, made + 1),
        java.util.Arrays.copyOf(keyLengths, made),
        java.util.Arrays.copyOf(weights, made),
        total);
  }

  @Override
  public void close() {
    closed = true;
    merger.interrupt();
    try {
      merger.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
