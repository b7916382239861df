package dev.aevum.connectors.datagen.nexmark;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.Field;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;

/// Writes the events as text: one file per entity (JSON lines or CSV with a header), or merged in
/// event order. The same arguments give the same bytes.
public final class NexmarkFiles {
  private static final int BATCH = 4096;

  private final BufferAllocator allocator;
  private final long seed;
  private final long rate;

  public NexmarkFiles(BufferAllocator allocator, long seed, long rate) {
    this.allocator = allocator;
    this.seed = seed;
    this.rate = rate;
  }

  /// Writes `person`, `auction` and `bid` as `.jsonl` and `.csv`, and `events.jsonl`, into
  /// `directory`.
  public void writeAll(Path directory, long events) throws IOException {
    Files.createDirectories(directory);
    for (Entity entity : Entity.values()) {
      try (OutputStream out = open(directory.resolve(entity.label() + ".jsonl"))) {
        writeJson(entity, events, out);
      }
      try (OutputStream out = open(directory.resolve(entity.label() + ".csv"))) {
        writeCsv(entity, events, out);
      }
    }
    try (OutputStream out = open(directory.resolve("events.jsonl"))) {
      writeMerged(events, 0, 1, out);
    }
  }

  /// Writes the merged events as `parts` files, `events.part-K-of-P.jsonl`.
  public void writeParts(Path directory, long events, int parts) throws IOException {
    Files.createDirectories(directory);
    for (int part = 0; part < parts; part++) {
      String name = "events.part-" + part + "-of-" + parts + ".jsonl";
      try (OutputStream out = open(directory.resolve(name))) {
        writeMerged(events, part, parts, out);
      }
    }
  }

  /// The rows of one entity among the first `events` events, a JSON object a line.
  public void writeJson(Entity entity, long events, OutputStream out) throws IOException {
    try (RowSource rows = new RowSource(entity)) {
      NexmarkText text = new NexmarkText();
      long count = entity.rowsIn(events);
      for (long ordinal = 0; ordinal < count; ordinal++) {
        rows.move(ordinal, count);
        text.object(entity.fields(), rows.columns, rows.row, true);
        text.endLine();
        text.drain(out);
      }
    }
  }

  /// The same rows, comma-separated under a header line.
  public void writeCsv(Entity entity, long events, OutputStream out) throws IOException {
    List<String> names = entity.fields().stream().map(Field::name).toList();
    out.write((String.join(",", names) + "\n").getBytes(StandardCharsets.US_ASCII));
    try (RowSource rows = new RowSource(entity)) {
      NexmarkText text = new NexmarkText();
      long count = entity.rowsIn(events);
      for (long ordinal = 0; ordinal < count; ordinal++) {
        rows.move(ordinal, count);
        text.csvRow(entity.fields(), rows.columns, rows.row);
        text.endLine();
        text.drain(out);
      }
    }
  }

  /// All events in order, restricted to the blocks of 50 whose number is `part` modulo `parts`.
  public void writeMerged(long events, int part, int parts, OutputStream out) throws IOException {
    RowSource[] sources = new RowSource[Entity.values().length];
    try {
      for (Entity entity : Entity.values()) {
        sources[entity.number()] = new RowSource(entity);
      }
      NexmarkText text = new NexmarkText();
      for (long event = 0; event < events; event++) {
        if (event / Entity.BLOCK % parts != part) {
          continue;
        }
        Entity entity = Entity.of(event);
        RowSource rows = sources[entity.number()];
        rows.move(entity.rowsIn(event), entity.rowsIn(events));
        text.event(entity, rows.columns, rows.row);
        text.endLine();
        text.drain(out);
      }
    } finally {
      for (RowSource source : sources) {
        if (source != null) {
          source.close();
        }
      }
    }
  }

  private static OutputStream open(Path path) throws IOException {
    return new BufferedOutputStream(Files.newOutputStream(path), 1 << 16);
  }

  /// A cursor over one entity's rows, batch by batch.
  private final class RowSource implements AutoCloseable {
    private final Entity entity;
    private final NexmarkGenerator generator;
    private final boolean[] needed;
    private Column[] columns = new Column[0];
    private long first;
    private long end;
    private int row;

    RowSource(Entity entity) {
      this.entity = entity;
      this.generator = new NexmarkGenerator(allocator, seed, rate);
      this.needed = new boolean[entity.fields().size()];
      Arrays.fill(needed, true);
    }

    void move(long ordinal, long count) {
      if (ordinal < first || ordinal >= end) {
        release();
        first = ordinal;
        end = Math.min(count, ordinal + BATCH);
        var made = generator.columns(entity, first, (int) (end - first), needed);
        columns = new Column[made.length];
        for (int c = 0; c < made.length; c++) {
          columns[c] = Objects.requireNonNull(made[c]);
        }
      }
      row = (int) (ordinal - first);
    }

    private void release() {
      for (Column column : columns) {
        column.close();
      }
      columns = new Column[0];
    }

    @Override
    public void close() {
      release();
      generator.close();
    }
  }
}
