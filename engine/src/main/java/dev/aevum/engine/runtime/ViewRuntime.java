package dev.aevum.engine.runtime;

import dev.aevum.planner.plan.ViewPlan;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What is known of a deployed view or sink query besides its definition. Counters are read by any
/// thread.
final class ViewRuntime {
  final int oid;

  /// Null when its definition cannot be planned any more.
  final @Nullable ViewPlan plan;

  final AtomicLong lateRows = new AtomicLong();
  final AtomicLong errors = new AtomicLong();
  private volatile @Nullable String failure;

  ViewRuntime(int oid, @Nullable ViewPlan plan) {
    this.oid = oid;
    this.plan = plan;
  }

  /// Why it failed, or null while it runs.
  @Nullable String failure() {
    return failure;
  }

  void fail(String reason) {
    failure = reason;
  }

  void recovered() {
    failure = null;
  }
}
