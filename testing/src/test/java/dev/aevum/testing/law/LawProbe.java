package dev.aevum.testing.law;

/// The law as a question, for another class loader.
final class LawProbe {
  private LawProbe() {}

  /// Whether the law holds on the first `cases` seeds; stops at the first that breaks it. A bug may
  /// break it by anything thrown; one that never ends counts as not caught. `withPlanner`: also on
  /// the planner's plans.
  static boolean holds(int cases, boolean withPlanner) {
    LawProperty law = new LawProperty();
    boolean[] held = {true};
    Thread thread =
        new Thread(() -> {
          try {
            for (long seed = 1; seed <= cases; seed++) {
              law.check(seed, withPlanner);
            }
          } catch (Throwable e) {
            held[0] = false;
          }
        });
    thread.setDaemon(true);
    thread.start();
    try {
      thread.join(20_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return held[0];
  }
}
