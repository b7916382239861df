package dev.aevum.executor.sequence;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.planner.plan.SequenceCall;
import dev.aevum.planner.plan.function.SequenceFrame;
import dev.aevum.storage.state.HashState;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The models of one call by key: a table for each tier, a key in one of them.
///
/// A block begins with `[last time i64][version i32][resets i32][values that were not finite i64]`;
/// the model's bytes follow. A version of 0 is a key that is to begin anew; another one than that
/// of this build is an error (0A000) when the key's next row comes.
final class KeyedModels {
  static final int HEADER = 24;
  static final int VERSION_AT = 8;
  static final int RESETS_AT = 12;
  static final int NON_FINITE_AT = 16;

  /// Look-ups that are made together, so that their cache misses overlap.
  private static final int GROUP = 64;

  /// Remembered tiers: a power of two.
  private static final int HINTS = 1 << 16;

  private final String name;
  private final SequenceModel model;
  private final SequenceModel smaller;

  /// The version that is written, and the only one that is read.
  private final int newest;

  private final HashState[] tables;
  private final int[] widths;
  private final byte[] scratch;
  private final SequenceFrame frame;
  private final long longestGap;
  private final @Nullable IdleKeys idle;
  private final long[] found = new long[GROUP];
  private final byte[] foundTiers = new byte[GROUP];

  /// Where a key of such a hash was last: most keys are found at the first look.
  private final byte[] hints;

  /// How often a key was added, moved or removed, and when the group was found.
  private int moves;

  private int knownMoves;

  /// What [#locate] found.
  private long slot;

  /// So that no read is left out. Nothing: what was read ahead is used, or it would not be read.
  @SuppressWarnings("UnusedVariable")
  private long touched;

  /// Values of the row under way that were neither finite nor NULL.
  private int nonFinite;

  final int[] arguments;
  final double[] values;
  final @Nullable ColumnWriter[] out;

  /// @param tables opens the table of a tier, whose values have the given width
  KeyedModels(
      SequenceFunction function, SequenceCall call, SequenceFrame frame, TableOpener opener) {
    SequenceFunction.Factory factory = function.factory();
    this.name = call.function().name();
    this.model = factory.create(call.options(), call.arguments().size());
    this.newest = call.function().layout();
    this.smaller = factory.create(call.options(), call.arguments().size());
    this.widths = model.widths();
    this.tables = new HashState[widths.length];
    for (int tier = 0; tier < widths.length; tier++) {
      tables[tier] = opener.open(tier, HEADER + widths[tier]);
    }
    this.hints = new byte[widths.length == 1 ? 0 : HINTS];
    this.scratch = new byte[HEADER + widths[widths.length - 1]];
    this.frame = frame;
    this.longestGap = longestGap(frame);
    this.idle = frame.evictsIdle() ? new IdleKeys(tables) : null;
    this.arguments = call.arguments().stream().mapToInt(Integer::intValue).toArray();
    this.values = new double[arguments.length];
    this.out = new ColumnWriter[call.function().columns().size()];
  }

  /// A key whose state may have been freed starts anew whether it was or not.
  private static long longestGap(SequenceFrame frame) {
    long reset = frame.resetAfterMicros() < 0 ? Long.MAX_VALUE : frame.resetAfterMicros();
    long idle = frame.idleTtlMicros() < 0 ? Long.MAX_VALUE : frame.idleTtlMicros();
    return Math.min(reset, idle);
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

  /// Results go nowhere.
  void writeNothing() {
    Arrays.fill(out, null);
  }

  /// What a model takes for a value that is there. Errors: 22003 where that is asked for.
  double finite(double value) {
    if (Double.isFinite(value)) {
      return value;
    }
    if (frame.nonFiniteFails()) {
      throw new SqlException(
          ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE,
          value + " is not a finite number",
          null,
          "Without non_finite => 'error' it counts as a missing value.",
          null,
          null);
    }
    nonFinite++;
    return Double.NaN;
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
        nonFinite = 0;
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
      makeRoom();
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
    long block = table.valueOffset(at);
    table.values().set(LONG, block, time);
    if (nonFinite > 0) {
      long before = table.values().get(LONG, block + NON_FINITE_AT);
      table.values().set(LONG, block + NON_FINITE_AT, before + nonFinite);
    }
    model.fold(time, values, out);
  }

  private void makeRoom() {
    if (frame.maxKeys() < 0 || keys() < frame.maxKeys()) {
      return;
    }
    if (idle == null) {
      throw new SqlException(
          ErrorCode.OUT_OF_MEMORY,
          "there are more than " + frame.maxKeys() + " keys (max_keys)",
          null,
          "Raise max_keys, or free keys with evict => 'idle' or idle_ttl.",
          null,
          null);
    }
    idle.evict();
    moves++;
  }

  private void begin(long at, long hash) {
    HashState table = tables[0];
    table.values().set(INT, table.valueOffset(at) + VERSION_AT, newest);
    open(model, 0, at);
    model.begin(hash);
  }

  private boolean isOver(int tier, long at, long time) {
    HashState table = tables[tier];
    long block = table.valueOffset(at);
    int version = table.values().get(INT, block + VERSION_AT);
    if (version != newest && version != 0) {
      throw unreadable(version);
    }
    return version == 0
        || longestGap < Long.MAX_VALUE && time - table.values().get(LONG, block) > longestGap;
  }

  private SqlException unreadable(int version) {
    return new SqlException(
        ErrorCode.FEATURE_NOT_SUPPORTED,
        "a model of "
            + name
            + " was written in version "
            + version
            + " of its form; this server reads version "
            + newest,
        null,
        "REFRESH MATERIALIZED VIEW learns anew from what the inputs hold; or start the server that"
            + " wrote it.",
        null,
        null);
  }

  /// Forgets what the key has learned.
  private long restart(int tier, long at, MemorySegment key, long offset, int length, long hash) {
    HashState table = tables[tier];
    MemorySegment values = table.values();
    long block = table.valueOffset(at);
    int resets = values.get(INT, block + RESETS_AT);
    // A key that was reset by hand has been counted.
    int more = values.get(INT, block + VERSION_AT) == 0 ? 0 : 1;
    long missing = values.get(LONG, block + NON_FINITE_AT);
    table.remove(at);
    moves++;
    long fresh = tables[0].findOrInsert(key, offset, length, hash);
    hint(hash, 0);
    MemorySegment to = tables[0].values();
    to.set(INT, tables[0].valueOffset(fresh) + RESETS_AT, resets + more);
    to.set(LONG, tables[0].valueOffset(fresh) + NON_FINITE_AT, missing);
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

  /// Forgets the key; false: there is none.
  boolean remove(MemorySegment key, long offset, int length, long hash) {
    int tier = locate(key, offset, length, hash);
    if (tier >= 0) {
      tables[tier].remove(slot);
      moves++;
    }
    return tier >= 0;
  }

  /// Gives this the state that the key has in `from`, which has the same tables.
  void copy(KeyedModels from, MemorySegment key, long offset, int length, long hash) {
    remove(key, offset, length, hash);
    int tier = from.locate(key, offset, length, hash);
    if (tier >= 0) {
      HashState source = from.tables[tier];
      long at = tables[tier].findOrInsert(key, offset, length, hash);
      MemorySegment.copy(
          source.values(),
          source.valueOffset(from.slot),
          tables[tier].values(),
          tables[tier].valueOffset(at),
          HEADER + (long) widths[tier]);
      hint(hash, tier);
      moves++;
    }
  }

  /// The key is to begin anew with its next row. Its block stays, for its counters.
  void reset(HashState table, long at) {
    long block = table.valueOffset(at);
    MemorySegment values = table.values();
    values.set(INT, block + VERSION_AT, 0);
    values.set(INT, block + RESETS_AT, values.get(INT, block + RESETS_AT) + 1);
    table.markDirty(at);
  }

  /// Takes a key and where its state is.
  @FunctionalInterface
  interface KeyVisitor {
    void visit(HashState table, int tier, long at);
  }

  void forEach(KeyVisitor visitor) {
    for (int tier = 0; tier < tables.length; tier++) {
      HashState table = tables[tier];
      for (long at = table.nextSlot(0); at >= 0; at = table.nextSlot(at + 1)) {
        visitor.visit(table, tier, at);
      }
    }
  }

  /// What is known of a key's model.
  ModelStatus status(HashState table, int tier, long at) {
    long block = table.valueOffset(at);
    MemorySegment values = table.values();
    byte[] key = new byte[table.keyLength(at)];
    MemorySegment.copy(
        table.keys(), table.keyOffset(at), MemorySegment.ofArray(key), 0, key.length);
    boolean begun = values.get(INT, block + VERSION_AT) == newest;
    if (begun) {
      open(model, tier, at);
    }
    return new ModelStatus(
        key,
        begun ? model.learned() : 0,
        values.get(LONG, block),
        HEADER + widths[tier],
        values.get(INT, block + RESETS_AT),
        values.get(LONG, block + NON_FINITE_AT),
        begun ? model.thresholds() : null);
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
