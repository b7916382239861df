package dev.aevum.connectors.datagen.nexmark;

import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// The shared tables in off-heap buffers that columns refer to.
final class NexmarkBuffers implements AutoCloseable {
  final NexmarkTables tables;
  final SharedText poolA;
  final SharedText poolB;
  final SharedText urls;
  final SharedText channels;
  final SharedText names;
  final SharedText cities;
  final SharedText states;

  NexmarkBuffers(BufferAllocator allocator, NexmarkTables tables) {
    this.tables = tables;
    poolA = SharedText.pool(allocator, tables.poolA);
    poolB = SharedText.pool(allocator, tables.poolB);
    urls = SharedText.words(allocator, tables.urls);
    channels = SharedText.words(allocator, tables.channels);
    names = SharedText.words(allocator, tables.names);
    cities = SharedText.words(allocator, tables.cities);
    states = SharedText.words(allocator, tables.states);
  }

  /// Whether a column is wanted at all.
  static boolean wanted(@Nullable FixedColumn column) {
    return column != null;
  }

  /// The data of a wanted column; an empty segment otherwise.
  static MemorySegment data(@Nullable FixedColumn column) {
    return column == null ? Memory.EMPTY : column.data();
  }

  /// The same, for text cut from `text`.
  static MemorySegment data(@Nullable FixedColumn column, SharedText text) {
    if (column == null) {
      return Memory.EMPTY;
    }
    text.share(column);
    return column.data();
  }

  /// A person that lately became active, for block `block`: one draw.
  static long activePerson(long block, long draw) {
    long people = block + 1;
    long active = Math.min(people, 1000);
    return people - active + Draws.below(draw, active + 10);
  }

  /// Writes the `extra` column's row from draws `k` and `k + 1`: letters that bring the row to its
  /// average size.
  void putExtra(MemorySegment data, int row, long start, int k, long average) {
    if (average <= 0) {
      poolA.putSlice(data, row, 0, 0);
      return;
    }
    long spread = (average + 2) / 5;
    int length = (int) (average - spread + Draws.below(Draws.draw(start, k), 2 * spread));
    int offset = (int) Draws.below(Draws.draw(start, k + 1), NexmarkTables.POOL - 1024);
    poolA.putSlice(data, row, offset, length);
  }

  @Override
  public void close() {
    poolA.close();
    poolB.close();
    urls.close();
    channels.close();
    names.close();
    cities.close();
    states.close();
  }
}
