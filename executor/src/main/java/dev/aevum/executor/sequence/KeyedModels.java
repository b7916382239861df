package dev.aevum.executor.sequence;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.planner.plan.SequenceCall;
import dev.aevum.storage.state.HashState;
import java.lang.foreign.MemorySegment;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The models of one call by key: a table for each tier, a key in one of them.
///
/// A block begins with `[last time i64][version i32][resets i32][replayed rows i64]`; the model's
/// bytes follow. A version of 0 is a key that is to begin.
final class KeyedModels {
  static final int HEADER = 24;
  static final int VERSION_AT = 8;
  static final int RESETS_AT = 12;
  static final int REPLAYED_AT = 16;

  /// Look-ups that are made together, so that their cache misses overlap.
  private static final int GROUP = 64;

  /// Remembered tiers: a power of two.
  private static final int HINTS = 1 << 16;

  private final SequenceModel model;
  private final SequenceModel smaller;
  private final HashState[] tables;
  private final int[] widths;
  private final byte[] scratch;
  private final long resetAfter;
  private final long[] found = new long[GROUP];
  private final byte[] foundTiers = new byte[GROUP];

  /// Where a key of such a hash was last: most keys are found at the first look.
  private final byte[] hints;

  /// How often a key was added, moved or removed, and when the group was found.
  private int moves;

  private int knownMoves;

  /// What [#locate] found.
  private long slot;

  /// So that no read is left out.
  private long touched;

  final int[] arguments;
  final double[] values;
  final @Nullable ColumnWriter[] out;

  /// @param tables opens the table of a tier, whose values have the given width
  /// @param resetAfter microseconds without a row after which a key starts anew, or -1
  KeyedModels(SequenceFunction function, SequenceCall call, long resetAfter, TableOpener opener) {
    SequenceFunction.Factory factory = function.factory();
    this.model = factory.create(call.options(), call.arguments().size());
    this.smaller = factory.create(call.options(), call.arguments().size());
    this.widths = model.widths();
    this.tables = new HashState[widths.length];
    for (int tier = 0; tier < widths.length; tier++) {
      tables[tier] = opener.open(tier, HEADER + widths[tier]);
    }
    this.hints = new byte[widths.length == 1 ? 0 : HINTS];
    this.scratch = new byte[HEADER + widths[widths.length - 1]];
    this.resetAfter = resetAfter;
    this.arguments = call.arguments().stream().mapToInt(Integer::intValue).toArray();
    this.values = new double[arguments.length];
    this.out = new ColumnWriter[call.function().columns().size()];
  }

  @FunctionalInterface
  interface TableOpener {
    HashState open(int tier, int width);
  }

  /// Reads a row's arguments into [#values].
  @FunctionalInterface
  interface Arguments {
    void read(KeyedModels models, int row);
  }

  /// Gives the writers of the results that are read: `writers` by their place among them.
  void writeTo(SequenceCall call, IntFunction<ColumnWriter> writers) {
    for (int i = 0; i < call.results().size(); i++) {
      out[call.results().get(i)] = writers.apply(i);
    }
  }

  /// Scores and learns the rows `0` to `rows - 1`, each as the next of its key.
  void foldAll(BatchKeys keys, MemorySegment times, Arguments arguments) {
    MemorySegment segment = keys.segment();
    int rows = keys.rows();
    for (int from = 0; from < rows; from += GROUP) {
      int count = Math.min(GROUP, rows - from);
      find(keys, from, count);
      for (int i = 0; i < count; i++) {
        int row = from + i;
        arguments.read(this, row);
        long time = times.get(LONG, (long) row << 3);
        // The address is a proposal: an earlier row of the group may have moved the key.
        fold(
            segment,
            keys.offset(row),
            keys.length(row),
            keys.hash(row),
            time,
            foundTiers[i],
            found[i]);
      }
    }
  }

  private void find(BatchKeys keys, int from, int count) {
    MemorySegment segment = keys.segment();
    knownMoves = moves;
    for (HashState table : tables) {
      if (table.entries() > 0) {
        touched += table.touch(keys.hashes(), from, count);
      }
    }
    for (int i = 0; i < count; i++) {
      int row = from + i;
      long hash = keys.hash(row);
      int tier = locate(segment, keys.offset(row), keys.length(row), hash);
      foundTiers[i] = (byte) tier;
      found[i] = slot;
    }
  }

  /// Sets `slot`; returns the key's tier, or -1.
  private int locate(MemorySegment key, long offset, int length, long hash) {
    int hint = hints.length == 0 ? 0 : hints[(int) (hash >>> 32) & HINTS - 1];
    slot = tables[hint].find(key, offset, length, hash);
    if (slot >= 0) {
      return hint;
    }
    for (int tier = 0; tier < tables.length; tier++) {
      if (tier != hint && tables[tier].entries() > 0) {
        slot = tables[tier].find(key, offset, length, hash);
        if (slot >= 0) {
          hint(hash, tier);
          return tier;
        }
      }
    }
    return -1;
  }

  private void hint(long hash, int tier) {
    if (hints.length > 0) {
      hints[(int) (hash >>> 32) & HINTS - 1] = (byte) tier;
    }
  }

  private void fold(
      MemorySegment key,
      long offset,
      int length,
      long hash,
      long time,
      int proposedTier,
      long proposed) {
    int tier = proposedTier;
    long at = proposed;
    if (tier < 0 || moves != knownMoves) {
      tier = locate(key, offset, length, hash);
      at = slot;
    }
    if (tier >= 0 && isOver(tier, at, time)) {
      at = restart(tier, at, key, offset, length, hash);
      tier = 0;
    } else if (tier < 0) {
      tier = 0;
      at = tables[0].findOrInsert(key, offset, length, hash);
      hint(hash, 0);
      moves++;
      begin(at, hash);
    } else {
      tables[tier].markDirty(at);
      open(model, tier, at);
    }
    while (model.isFull()) {
      at = grow(tier, at, key, offset, length, hash);
      tier++;
    }
    HashState table = tables[tier];
    table.values().set(LONG, table.valueOffset(at), time);
    model.fold(time, values, out);
  }

  private void begin(long at, long hash) {
    HashState table = tables[0];
    table.values().set(INT, table.valueOffset(at) + VERSION_AT, model.version());
    open(model, 0, at);
    model.begin(hash);
  }

  private boolean isOver(int tier, long at, long time) {
    HashState table = tables[tier];
    long block = table.valueOffset(at);
    return table.values().get(INT, block + VERSION_AT) == 0
        || resetAfter >= 0 && time - table.values().get(LONG, block) > resetAfter;
  }

  /// Forgets what the key has learned.
  private long restart(int tier, long at, MemorySegment key, long offset, int length, long hash) {
    HashState table = tables[tier];
    MemorySegment values = table.values();
    long block = table.valueOffset(at);
    int resets = values.get(INT, block + RESETS_AT);
    // A key that was reset by hand has been counted.
    int more = values.get(INT, block + VERSION_AT) == 0 ? 0 : 1;
    long replayed = values.get(LONG, block + REPLAYED_AT);
    table.remove(at);
    moves++;
    long fresh = tables[0].findOrInsert(key, offset, length, hash);
    hint(hash, 0);
    MemorySegment to = tables[0].values();
    to.set(INT, tables[0].valueOffset(fresh) + RESETS_AT, resets + more);
    to.set(LONG, tables[0].valueOffset(fresh) + REPLAYED_AT, replayed);
    begin(fresh, hash);
    return fresh;
  }

  private void open(SequenceModel opened, int tier, long at) {
    opened.open(tables[tier].values(), tables[tier].valueOffset(at) + HEADER, tier);
  }

  private long grow(int tier, long at, MemorySegment key, long offset, int length, long hash) {
    HashState from = tables[tier];
    MemorySegment copy = MemorySegment.ofArray(scratch);
    MemorySegment.copy(from.values(), from.valueOffset(at), copy, 0, HEADER + (long) widths[tier]);
    from.remove(at);
    moves++;
    long larger = tables[tier + 1].findOrInsert(key, offset, length, hash);
    hint(hash, tier + 1);
    MemorySegment.copy(
        copy, 0, tables[tier + 1].values(), tables[tier + 1].valueOffset(larger), HEADER);
    smaller.open(copy, HEADER, tier);
    open(model, tier + 1, larger);
    model.moveFrom(smaller);
    return larger;
  }

  long keys() {
    long count = 0;
    for (HashState table : tables) {
      count += table.entries();
    }
    return count;
  }

  /// Frees the keys whose last row is before `time`.
  void dropIdle(long time) {
    for (HashState table : tables) {
      for (long at = table.nextSlot(0); at >= 0; at = table.nextSlot(at + 1)) {
        if (table.values().get(LONG, table.valueOffset(at)) < time) {
          table.remove(at);
          moves++;
        }
      }
    }
  }
}
