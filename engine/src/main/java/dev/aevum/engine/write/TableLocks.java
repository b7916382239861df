package dev.aevum.engine.write;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Locks of tables by transactions, held to their end. INSERT shares a table; UPDATE, DELETE and
/// TRUNCATE, whose changes depend on what they read, have it alone. Readers take none. A wait that
/// closes a cycle fails at once with 40P01.
public final class TableLocks {
  private final ReentrantLock monitor = new ReentrantLock();
  private final Condition released = monitor.newCondition();
  private final Map<Integer, Holders> tables = new HashMap<>();
  private final Map<Object, Integer> waiting = new HashMap<>();

  private static final class Holders {
    final Set<Object> shared = new HashSet<>();
    @Nullable Object exclusive;
  }

  /// Waits until `owner` may write `table`. Throws 40P01 on deadlock, 57014 when interrupted.
  public void acquire(Object owner, int table, boolean exclusive) {
    monitor.lock();
    try {
      while (!tryTake(owner, table, exclusive)) {
        waiting.put(owner, table);
        if (waitsForItself(owner, table, new HashSet<>())) {
          throw new SqlException(ErrorCode.DEADLOCK_DETECTED, "deadlock detected")
              .withHint("Another transaction waits for this one: repeat the transaction.");
        }
        released.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SqlException(ErrorCode.QUERY_CANCELED, "canceling statement due to user request");
    } finally {
      waiting.remove(owner);
      monitor.unlock();
    }
  }

  public void releaseAll(Object owner) {
    monitor.lock();
    try {
      tables
          .values()
          .removeIf(h -> {
            h.shared.remove(owner);
            if (owner.equals(h.exclusive)) {
              h.exclusive = null;
            }
            return h.shared.isEmpty() && h.exclusive == null;
          });
      released.signalAll();
    } finally {
      monitor.unlock();
    }
  }

  private boolean tryTake(Object owner, int table, boolean exclusive) {
    Holders holders = tables.computeIfAbsent(table, t -> new Holders());
    if (holders.exclusive != null && !holders.exclusive.equals(owner)) {
      return false;
    }
    if (!exclusive) {
      holders.shared.add(owner);
      return true;
    }
    boolean alone =
        holders.shared.isEmpty() || (holders.shared.size() == 1 && holders.shared.contains(owner));
    if (alone) {
      holders.exclusive = owner;
    }
    return alone;
  }

  private boolean waitsForItself(Object start, int table, Set<Object> seen) {
    Holders holders = tables.get(table);
    if (holders == null) {
      return false;
    }
    Set<Object> blockers = new HashSet<>(holders.shared);
    if (holders.exclusive != null) {
      blockers.add(holders.exclusive);
    }
    for (Object blocker : blockers) {
      if (blocker.equals(start)) {
        if (seen.isEmpty()) {
          continue;
        }
        return true;
      }
      Integer next = waiting.get(blocker);
      if (next != null && seen.add(blocker) && waitsForItself(start, next, seen)) {
        return true;
      }
    }
    return false;
  }
}
