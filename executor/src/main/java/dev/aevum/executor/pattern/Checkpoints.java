package dev.aevum.executor.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Places of one partition from which it can be matched again, in order.
final class Checkpoints {
  /// What becomes of the starts before row `from` is settled by the rows up to `seen`, whatever
  /// follows; matches have numbers up to `number`. Rows are known by their keys.
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Checkpoint(byte[] from, byte[] seen, long number) {}

  private List<Checkpoint> places = new ArrayList<>();

  /// The last one that does not depend on row `changed` or those behind it.
  @Nullable Checkpoint before(byte[] changed) {
    int count = countBefore(changed);
    return count == 0 ? null : places.get(count - 1);
  }

  private int countBefore(byte[] changed) {
    int low = 0;
    int high = places.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(places.get(middle).seen(), changed) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// The rows from `changed` on are other ones, up to `resumed`, from which on everything is as it
  /// was (null: nothing is); `made` takes the place of what was known of them.
  void replace(byte[] changed, byte @Nullable [] resumed, List<Checkpoint> made) {
    int kept = countBefore(changed);
    List<Checkpoint> all = new ArrayList<>(places.subList(0, kept));
    byte[] last = kept == 0 ? new byte[0] : all.getLast().from();
    for (Checkpoint c : made) {
      if (Arrays.compareUnsigned(c.from(), last) > 0
          && (resumed == null || Arrays.compareUnsigned(c.from(), resumed) < 0)) {
        all.add(c);
      }
    }
    if (resumed != null) {
      for (Checkpoint c : places.subList(kept, places.size())) {
        if (Arrays.compareUnsigned(c.from(), resumed) >= 0) {
          all.add(c);
        }
      }
    }
    places = all;
  }

  int size() {
    return places.size();
  }
}
