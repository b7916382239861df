package dev.aevum.wire.postgres;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Stops what a connection's session runs: for the client's CancelRequest, a statement timeout, a
/// dropped socket, a shutdown. A cancel that comes between statements is for none of them and is
/// forgotten; dropping and shutdown last.
///
/// The engine knows nothing of a statement before its call begins, so it is told again until the
/// statement ends.
final class Interruption {
  private static final long REPEAT_MILLIS = 50;

  enum Cause {
    CLIENT,
    TIMEOUT,
    SHUTDOWN,
    DROPPED;

    boolean lasts() {
      return this == SHUTDOWN || this == DROPPED;
    }
  }

  private final EventLoop loop;
  private final Runnable cancelSession;
  private final Runnable wakeOutlet;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Cause cause;
  private @Nullable ScheduledFuture<?> timer;
  private boolean running;
  private long statement;

  /// @param wakeOutlet makes a writer that waits for the client look at [#check] again
  Interruption(EventLoop loop, Runnable cancelSession, Runnable wakeOutlet) {
    this.loop = loop;
    this.cancelSession = cancelSession;
    this.wakeOutlet = wakeOutlet;
  }

  /// The connection's thread starts on a statement that may take `timeoutMillis` (0: any time).
  void begin(long timeoutMillis) {
    lock.lock();
    try {
      if (running) {
        return;
      }
      running = true;
      statement++;
      if (cause != null && cause.lasts()) {
        repeat(statement);
      } else {
        cause = null;
        if (timeoutMillis > 0) {
          long timed = statement;
          timer =
              loop.schedule(
                  () -> interrupt(Cause.TIMEOUT, timed), timeoutMillis, TimeUnit.MILLISECONDS);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// The statement is over: cancels do not reach what follows (its commit, the next one).
  void end() {
    lock.lock();
    try {
      running = false;
      if (timer != null) {
        timer.cancel(false);
        timer = null;
      }
      // The engine may interrupt this thread a little late: what follows is not meant.
      var _ = Thread.interrupted();
    } finally {
      lock.unlock();
    }
  }

  /// From any thread.
  void interrupt(Cause why) {
    interrupt(why, -1);
  }

  private void interrupt(Cause why, long onlyStatement) {
    lock.lock();
    try {
      boolean mine = running && (onlyStatement < 0 || onlyStatement == statement);
      boolean decided = cause != null && cause.lasts() && why != Cause.DROPPED;
      if (decided || (!mine && !why.lasts())) {
        return;
      }
      cause = why;
      if (running) {
        repeat(statement);
      }
    } finally {
      lock.unlock();
    }
    wakeOutlet.run();
  }

  private void repeat(long interrupted) {
    cancelSession.run();
    if (!loop.isShuttingDown()) {
      var _ =
          loop.schedule(() -> repeatIfRunning(interrupted), REPEAT_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void repeatIfRunning(long interrupted) {
    lock.lock();
    try {
      if (running && statement == interrupted) {
        repeat(interrupted);
      }
    } finally {
      lock.unlock();
    }
  }

  @Nullable Cause cause() {
    lock.lock();
    try {
      return cause;
    } finally {
      lock.unlock();
    }
  }

  /// Throws 57014 while a statement runs that is to stop.
  void check() {
    lock.lock();
    try {
      if (running && cause != null) {
        throw canceled(cause);
      }
    } finally {
      lock.unlock();
    }
  }

  /// The engine's 57014 in the words for this cause; every other error as it is.
  SqlException explain(SqlException error) {
    Cause why = cause();
    return error.code() == ErrorCode.QUERY_CANCELED && why == Cause.TIMEOUT ? canceled(why) : error;
  }

  private static SqlException canceled(Cause why) {
    return new SqlException(
        ErrorCode.QUERY_CANCELED,
        why == Cause.TIMEOUT
            ? "canceling statement due to statement timeout"
            : "canceling statement due to user request");
  }
}
