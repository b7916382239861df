package dev.aevum.executor.sequence;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.planner.plan.SequenceCall;
import dev.aevum.storage.state.HashState;
import java.lang.foreign.MemorySegment;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The models of one call by key: a table for each tier, a key in one of them.
///
/// A block begins with the key's last time (i64) and, so that a block of zeros is a new key,
/// whether it was begun (i64); the model's bytes follow.
final class KeyedModels {
  private static final int HEADER = 16;

  private final SequenceModel model;
  private final SequenceModel smaller;
  private final HashState[] tables;
  private final int[] widths;
  private final byte[] scratch;
  private final long resetAfter;
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

  /// Gives the writers of the results that are read: `writers` by their place among them.
  void writeTo(SequenceCall call, IntFunction<ColumnWriter> writers) {
    for (int i = 0; i < call.results().size(); i++) {
      out[call.results().get(i)] = writers.apply(i);
    }
  }

  /// Scores and learns [#values] as the key's next row.
  void fold(MemorySegment key, long offset, int length, long hash, long time) {
    int tier = tables.length - 1;
    long slot = -1;
    while (tier >= 0 && (slot = tables[tier].find(key, offset, length, hash)) < 0) {
      tier--;
    }
    if (slot >= 0 && isOver(tier, slot, time)) {
      tables[tier].remove(slot);
      slot = -1;
    }
    if (slot < 0) {
      tier = 0;
      slot = tables[0].findOrInsert(key, offset, length, hash);
      open(model, 0, slot);
      model.begin(hash);
    } else {
      tables[tier].markDirty(slot);
      open(model, tier, slot);
    }
    while (model.isFull()) {
      slot = grow(tier, slot, key, offset, length, hash);
      tier++;
    }
    HashState table = tables[tier];
    table.values().set(LONG, table.valueOffset(slot), time);
    table.values().set(LONG, table.valueOffset(slot) + 8, 1);
    model.fold(time, values, out);
  }

  private boolean isOver(int tier, long slot, long time) {
    HashState table = tables[tier];
    return resetAfter >= 0 && time - table.values().get(LONG, table.valueOffset(slot)) > resetAfter;
  }

  private void open(SequenceModel opened, int tier, long slot) {
    opened.open(tables[tier].values(), tables[tier].valueOffset(slot) + HEADER, tier);
  }

  private long grow(int tier, long slot, MemorySegment key, long offset, int length, long hash) {
    HashState from = tables[tier];
    MemorySegment copy = MemorySegment.ofArray(scratch);
    MemorySegment.copy(
        from.values(), from.valueOffset(slot), copy, 0, HEADER + (long) widths[tier]);
    from.remove(slot);
    long larger = tables[tier + 1].findOrInsert(key, offset, length, hash);
    smaller.open(copy, HEADER, tier);
    open(model, tier + 1, larger);
    model.moveFrom(smaller);
    return larger;
  }

  /// Frees the keys whose last row is before `time`.
  void dropIdle(long time) {
    for (HashState table : tables) {
      for (long slot = table.nextSlot(0); slot >= 0; slot = table.nextSlot(slot + 1)) {
        if (table.values().get(LONG, table.valueOffset(slot)) < time) {
          table.remove(slot);
        }
      }
    }
  }
}
