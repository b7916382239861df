package dev.aevum.executor.pattern;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.waiting.StreamRows;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.RowCodec;
import dev.aevum.planner.plan.MatchSpec.RowsPerMatch;
import dev.aevum.storage.state.JournalState;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/// The latest matches with their rows, which the operator itself drops: what EXPLAIN WHY shows
/// where the input does not keep them. The last [#MOST_OF_STEP] of a step, and of these the last
/// [#MOST] and [#MOST_BYTES]; a match of more than [#MOST_ROWS] rows is left out.
///
/// **State**: by `[ordinal i64][hash of the partition i64]`, the bytes of [RecordedMatches]. One
/// thread.
public final class RecentMatches {
  static final int MOST_OF_STEP = 64;
  static final int MOST = 1_000;
  static final long MOST_BYTES = 4L << 20;
  static final int MOST_ROWS = 1_000;

  /// What is kept, in words.
  public static String limits() {
    return String.format(
        Locale.ROOT,
        "the last %,d matches of a step, %,d and %,d MiB of them a worker, and none of more than %,d rows",
        MOST_OF_STEP,
        MOST,
        MOST_BYTES >> 20,
        MOST_ROWS);
  }

  private record Kept(long ordinal, long hash, byte[] bytes) {}

  private final JournalState journal;
  private final StreamRows rows;
  private final RowCodec codec;

  /// Rows of exclusions are left out of the output of ALL ROWS; of one row they are part.
  private final boolean excludes;

  private final Deque<Kept> kept = new ArrayDeque<>();
  private final Deque<Kept> ofStep = new ArrayDeque<>();
  private final ByteSink sink = new ByteSink();
  private final byte[] key = new byte[16];
  private long bytes;
  private long next;

  RecentMatches(JournalState journal, MatchPlan plan, StreamRows rows) {
    this.journal = journal;
    this.rows = rows;
    this.codec = new RowCodec(plan.inputTypes);
    RowsPerMatch output = plan.spec.rows();
    this.excludes = output != RowsPerMatch.ONE_ROW && output != RowsPerMatch.EVERY_ROW;
    restore();
  }

  private void restore() {
    List<Kept> found = new ArrayList<>();
    journal.takeRestored((k, keyOffset, keyLength, value, offset, length) -> {
      byte[] match = new byte[length];
      MemorySegment.copy(value, offset, MemorySegment.ofArray(match), 0, length);
      found.add(new Kept(k.get(LONG, keyOffset), k.get(LONG, keyOffset + 8), match));
    });
    found.sort(Comparator.comparingLong(Kept::ordinal));
    for (Kept match : found) {
      kept.add(match);
      bytes += match.bytes.length;
      next = Math.max(next, match.ordinal + 1);
    }
    journal.holds(kept.size(), bytes);
  }

  /// Takes the latest of the frames, whose rows are there.
  void take(MatchFrames frames) {
    int from = frames.count();
    for (int found = 0; from > 0 && found < MOST_OF_STEP; ) {
      from--;
      found += isShown(frames, from) ? 1 : 0;
    }
    for (int f = from; f < frames.count(); f++) {
      if (isShown(frames, f)) {
        sink.reset();
        RecordedMatches.encode(frames, f, rows.store(), codec, excludes, sink);
        ofStep.add(new Kept(next++, rows.hash(frames.base(f)), sink.toBytes()));
        if (ofStep.size() > MOST_OF_STEP) {
          ofStep.remove();
        }
      }
    }
  }

  private static boolean isShown(MatchFrames frames, int frame) {
    int length = frames.length(frame);
    return frames.kind(frame) != MatchFrames.UNMATCHED && length > 0 && length <= MOST_ROWS;
  }

  /// Those of the step are written, and old ones leave.
  void seal() {
    if (ofStep.isEmpty()) {
      return;
    }
    for (Kept match : ofStep) {
      if (match.bytes.length > MOST_BYTES) {
        continue;
      }
      kept.add(match);
      bytes += match.bytes.length;
      journal.put(
          key(match),
          0,
          key.length,
          match.hash,
          MemorySegment.ofArray(match.bytes),
          0,
          match.bytes.length);
    }
    // A key is written once a step: what came in it stays until the next.
    long first = ofStep.getFirst().ordinal;
    ofStep.clear();
    while ((kept.size() > MOST || bytes > MOST_BYTES) && kept.getFirst().ordinal < first) {
      Kept old = kept.remove();
      bytes -= old.bytes.length;
      journal.remove(key(old), 0, key.length, old.hash);
    }
    journal.holds(kept.size(), bytes);
  }

  private MemorySegment key(Kept match) {
    MemorySegment segment = MemorySegment.ofArray(key);
    segment.set(LONG, 0, match.ordinal);
    segment.set(LONG, 8, match.hash);
    return segment;
  }

  List<byte[]> all() {
    return kept.stream().map(Kept::bytes).toList();
  }
}
