package dev.aevum.engine.runtime;

import dev.aevum.engine.step.MemoryPressure;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.storage.contents.ContentsVersion;
import dev.aevum.storage.durable.Storage;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the engine within its memory: state, batches and queues (Arrow's allocators), contents and
/// changes that wait (the heap), the store's caches.
///
/// At 80 % what can leave memory is sent to disk, at 90 % steps are smaller, at 95 % sources wait.
/// When that does not help within [#PATIENCE_NANOS] the view that grew most since memory was last
/// at ease fails with 53200 and gives its memory back; when no view is to blame, writes that add
/// rows are refused.
final class MemoryGuard implements MemoryPressure {
  enum Level {
    NORMAL,
    EVICT,
    SHRINK,
    PAUSE
  }

  private static final Logger LOG = LoggerFactory.getLogger(MemoryGuard.class);
  private static final long INTERVAL_NANOS = 10_000_000L;
  private static final long PATIENCE_NANOS = 1_500_000_000L;

  /// The heap's share that contents may take: merging needs as much again, and sessions the rest.
  private static final double HEAP_SHARE = 0.4;

  /// A view that holds less of the budget than one part in so many is not failed.
  private static final int TO_BLAME = 20;

  private static final int SHRUNK = 16;

  /// What one transaction writes may be one part in so many of the heap: rows, their state in
  /// views, and the frame that both are written in stand there side by side, encoded and while they
  /// grow.
  private static final int TRANSACTION_SHARE = 16;

  /// Input that can be cut anywhere is cut smaller: views may make more of it than it is.
  private static final int STEP_SHARE = 64;

  private static final long LEAST_STEP_BYTES = 1L << 20;
  private static final long MOST_STEP_BYTES = 1L << 30;
  private static final long MAX_ROWS = 262_144;

  private final DatabaseRuntime runtime;
  private final ViewMemory views;
  private final long limit;
  private final long heapLimit;
  private final long rows;
  private final long stepBytes;
  private final Map<Integer, Long> atEase = new HashMap<>();
  private long checkedNanos;
  private long pausedNanos;
  private boolean given;
  private volatile Level level = Level.NORMAL;
  private volatile boolean full;
  private volatile double ratio;

  MemoryGuard(DatabaseRuntime runtime, ViewMemory views) {
    this.runtime = runtime;
    this.views = views;
    this.limit = runtime.config().memoryBytes();
    long heap = Runtime.getRuntime().maxMemory();
    this.heapLimit = (long) (heap * HEAP_SHARE);
    this.rows = Math.clamp(limit / 2048, 4096, MAX_ROWS);
    this.stepBytes = Math.clamp(heap / STEP_SHARE, LEAST_STEP_BYTES, MOST_STEP_BYTES);
    this.checkedNanos = runtime.config().nanoClock().getAsLong() - INTERVAL_NANOS;
  }

  /// Everything that counts. Any thread.
  long usedBytes() {
    return runtime.allocator().getAllocatedMemory() + runtime.storage().usage().memoryBytes();
  }

  long limitBytes() {
    return limit;
  }

  /// What a view holds: state, and rows that are in memory. Any thread.
  long viewBytes(int view) {
    ContentsVersion contents = runtime.contents().current();
    return views.bytes(view) + (contents.has(view) ? contents.sizeBytes(view) : 0);
  }

  @Override
  public boolean check() {
    long now = runtime.config().nanoClock().getAsLong();
    if (now - checkedNanos < INTERVAL_NANOS) {
      return false;
    }
    checkedNanos = now;
    Storage.Usage usage = runtime.storage().usage();
    long used = runtime.allocator().getAllocatedMemory() + usage.memoryBytes();
    long heap = usage.contentsBytes() + usage.pendingBytes();
    ratio = Math.max((double) used / limit, (double) heap / heapLimit);
    Level next = level(ratio, level);
    if (next != level) {
      LOG.warn(
          "event=memory_pressure level={} used_bytes={} limit_bytes={} heap_bytes={}",
          next.name().toLowerCase(Locale.ROOT),
          used,
          limit,
          heap);
      if (next == Level.PAUSE) {
        pausedNanos = now;
      }
      level = next;
    }
    if (next != Level.NORMAL) {
      runtime.storage().relieve();
    } else {
      remember();
    }
    boolean gives = overLimit();
    if (next != Level.PAUSE) {
      full = false;
    } else if (now - pausedNanos > PATIENCE_NANOS) {
      pausedNanos = now;
      gives |= giveUp();
    }
    return gives;
  }

  /// Going down a level takes a little more than going up did: no flutter.
  private static Level level(double ratio, Level now) {
    double slack = now == Level.NORMAL ? 0 : 0.02;
    if (ratio >= 0.95 - (now == Level.PAUSE ? slack : 0)) {
      return Level.PAUSE;
    }
    if (ratio >= 0.9 - (now.compareTo(Level.SHRINK) >= 0 ? slack : 0)) {
      return Level.SHRINK;
    }
    return ratio >= 0.8 - slack ? Level.EVICT : Level.NORMAL;
  }

  private void remember() {
    atEase.clear();
    runtime.views().keySet().forEach(v -> atEase.put(v, viewBytes(v)));
  }

  /// Views that hold more than their own `memory_limit`.
  private boolean overLimit() {
    boolean any = false;
    for (ViewRuntime view : runtime.views().values()) {
      Long own = views.limit(view.oid);
      if (own != null && view.failure() == null && viewBytes(view.oid) > own) {
        condemn(view.oid, exceeded(own));
        any = true;
      }
    }
    return any;
  }

  static SqlException exceeded(long limit) {
    return new SqlException(
            ErrorCode.OUT_OF_MEMORY, "the view has reached its memory_limit of " + size(limit))
        .withHint(
            "Create it again with a greater memory_limit, or bound its state with windows and a watermark.");
  }

  private void condemn(int view, SqlException cause) {
    LOG.error(
        "event=view_gives_memory view={} bytes={} used_bytes={}",
        runtime.nameOf(view),
        viewBytes(view),
        usedBytes());
    runtime.engine().condemn(view, "memory", cause);
  }

  /// Fails the view that is to blame; refuses writes when there is none.
  private boolean giveUp() {
    Integer victim = grownMost();
    if (victim == null) {
      full = true;
      if (!given) {
        LOG.error(
            "event=memory_full used_bytes={} limit_bytes={} message=\"no view is to blame; writes are refused\"",
            usedBytes(),
            limit);
      }
      given = true;
      return false;
    }
    given = false;
    SqlException cause =
        new SqlException(
                ErrorCode.OUT_OF_MEMORY,
                "out of memory: "
                    + size(usedBytes())
                    + " of "
                    + size(limit)
                    + " are in use, and this view grew most, to "
                    + size(viewBytes(victim)))
            .withHint(
                "Give the server more with --memory, or bound the view's state with windows and a watermark; then REFRESH MATERIALIZED VIEW.");
    condemn(victim, cause);
    return true;
  }

  private @Nullable Integer grownMost() {
    Integer found = null;
    long most = 0;
    for (ViewRuntime view : runtime.views().values()) {
      long bytes = viewBytes(view.oid);
      long growth = bytes - atEase.getOrDefault(view.oid, 0L);
      if (view.failure() == null && bytes > limit / TO_BLAME && growth > most) {
        most = growth;
        found = view.oid;
      }
    }
    return found;
  }

  static String size(long bytes) {
    return bytes >= 10L << 30 ? (bytes >> 30) + " GB" : (bytes >> 20) + " MB";
  }

  @Override
  public long maxRows() {
    return level.compareTo(Level.SHRINK) >= 0 ? rows / SHRUNK : rows;
  }

  @Override
  public long maxBytes() {
    return level.compareTo(Level.SHRINK) >= 0 ? stepBytes / SHRUNK : stepBytes;
  }

  /// Bytes of rows that one transaction may write: it is one step. Any thread.
  static long transactionBytes() {
    return Math.clamp(
        Runtime.getRuntime().maxMemory() / TRANSACTION_SHARE, LEAST_STEP_BYTES, MOST_STEP_BYTES);
  }

  /// Bytes of rows that one view may make in one step, as when it is filled. Any thread.
  static long viewStepBytes() {
    return 2 * transactionBytes();
  }

  @Override
  public boolean paused() {
    return level == Level.PAUSE;
  }

  @Override
  public boolean full() {
    return full;
  }

  @Override
  public String described() {
    return Math.round(100 * ratio) + " % of the memory is in use (--memory " + size(limit) + ")";
  }

  double ratio() {
    return ratio;
  }
}
