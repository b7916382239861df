package dev.aevum.testing.law;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The law of row patterns as a question, for another class loader.
final class MatchProbe {
  private static final int PATIENCE_MILLIS = 100_000;

  private MatchProbe() {}

  /// What the first `cases` seeds say: `holds`, `broken` by anything thrown, or `endless`.
  static String ask(int cases) throws InterruptedException {
    AtomicReference<@Nullable String> answer = new AtomicReference<>();
    Thread thread =
        new Thread(() -> {
          try {
            for (long seed = 1; seed <= cases; seed++) {
              MatchLawProperty.check(seed);
            }
            answer.set("holds");
          } catch (Throwable e) {
            answer.set("broken");
          }
        });
    thread.setDaemon(true);
    thread.start();
    thread.join(PATIENCE_MILLIS);
    String said = answer.get();
    return said == null ? "endless" : said;
  }
}
