package dev.aevum.testing.law;

import java.util.concurrent.atomic.AtomicBoolean;

/// The law as a question, for another class loader.
final class LawProbe {
  private static final long MOST_MILLIS = 60_000;

  private LawProbe() {}

  /// Whether the law holds on the first `cases` seeds; stops at the first that breaks it. A bug may
  /// break it by anything thrown; one that never ends counts as not caught. `withPlanner`: also on
  /// the planner's plans.
  static boolean holds(int cases, boolean withPlanner) {
    LawProperty law = new LawProperty();
    LawProperty.Plans plans = withPlanner ? LawProperty.Plans.PLANNED : LawProperty.Plans.WRITTEN;
    boolean[] held = {true};
    AtomicBoolean over = new AtomicBoolean();
    Thread thread =
        new Thread(() -> {
          try {
            for (long seed = 1; seed <= cases && !over.get(); seed++) {
              law.check(seed, plans);
            }
          } catch (Throwable e) {
            held[0] = false;
          }
        });
    thread.setDaemon(true);
    thread.start();
    try {
      thread.join(MOST_MILLIS);
      // The case under way ends before the next bug is planted, unless it never does.
      over.set(true);
      thread.join(MOST_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return held[0];
  }
}
