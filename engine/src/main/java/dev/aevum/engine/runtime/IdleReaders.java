package dev.aevum.engine.runtime;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Readers in the middle of a query: each keeps a version of the contents, its runs and a snapshot
/// of the store, from being given back. One that nobody has fetched from for a minute is released;
/// its next fetch fails. Any thread.
public final class IdleReaders {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final Logger LOG = LoggerFactory.getLogger(IdleReaders.class);

  /// What holds a version of the contents between two fetches.
  public interface Reader {
    /// Lets go of everything if it is not at work and was not since `nanos` of the clock; whether
    /// it did. Any thread.
    boolean releaseIfIdleSince(long nanos);
  }

  private final LongSupplier nanoClock;
  private final Set<Reader> readers = ConcurrentHashMap.newKeySet();

  IdleReaders(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /// From its first fetch on.
  public void add(Reader reader) {
    readers.add(reader);
  }

  public void remove(Reader reader) {
    readers.remove(reader);
  }

  /// How many there are.
  public int count() {
    return readers.size();
  }

  /// The clock that idle times are told in.
  public long nanos() {
    return nanoClock.getAsLong();
  }

  /// Releases those that have been idle for too long. Step thread, between steps.
  void turn() {
    if (readers.isEmpty()) {
      return;
    }
    long since = nanoClock.getAsLong() - LIMIT_NANOS;
    readers.removeIf(reader -> {
      boolean released = reader.releaseIfIdleSince(since);
      if (released) {
        LOG.info(
            "event=reader_released idle_seconds={}", TimeUnit.NANOSECONDS.toSeconds(LIMIT_NANOS));
      }
      return released;
    });
  }
}
