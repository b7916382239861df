package dev.aevum.connectors.datagen;

import dev.aevum.connectors.datagen.nexmark.Entity;
import dev.aevum.connectors.datagen.nexmark.NexmarkGenerator;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.Field;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// One entity of Nexmark; ticks are events. Its times have a fixed base.
final class NexmarkDataset implements Dataset {
  private final NexmarkGenerator generator;
  private final Entity entity;

  NexmarkDataset(BufferAllocator allocator, Entity entity, long seed, long rate) {
    this.generator = new NexmarkGenerator(allocator, seed, rate);
    this.entity = entity;
  }

  @Override
  public List<Field> fields() {
    return entity.fields();
  }

  @Override
  public long rowsBefore(long tick) {
    return entity.rowsIn(tick);
  }

  @Override
  public long tickOf(long row) {
    return entity.event(row);
  }

  @Override
  public @Nullable Column[] columns(long firstRow, int rows, boolean[] needed, long baseMicros) {
    return generator.columns(entity, firstRow, rows, needed);
  }

  @Override
  public void close() {
    generator.close();
  }
}
