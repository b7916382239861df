package dev.aevum.storage.contents;

import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/// All contents at one published step. Immutable and thread-safe; holding it keeps its runs alive.
public final class ContentsVersion {
  private final long step;
  private final Map<Integer, Spine> spines;

  ContentsVersion(long step, Map<Integer, Spine> spines) {
    this.step = step;
    this.spines = Map.copyOf(spines);
  }

  public long step() {
    return step;
  }

  Map<Integer, Spine> spines() {
    return spines;
  }

  public boolean has(int relation) {
    return spines.containsKey(relation);
  }

  /// All relations.
  public java.util.Set<Integer> relations() {
    return spines.keySet();
  }

  /// What the relation's base does not hold yet: entries with the change of their weight.
  public EntryCursor changes(int relation) {
    return spine(relation).changes();
  }

  /// Rows of the relation, equal ones counted each.
  public long rows(int relation) {
    return spine(relation).rows();
  }

  public long sizeBytes(int relation) {
    return spine(relation).sizeBytes();
  }

  public ContentsLayout layout(int relation) {
    return spine(relation).layout();
  }

  /// The change that takes all rows of the relation away, whatever layout they were written by.
  public Run removal(int relation) {
    Run all = Run.EMPTY;
    try (EntryCursor cursor = entries(relation, new byte[0])) {
      all = Run.negated(cursor);
    }
    return all;
  }

  /// Entries whose bytes (key, then row) start with `prefix`: a key's bytes, those of some first
  /// key columns, or none for all.
  public EntryCursor entries(int relation, byte[] prefix) {
    return spine(relation).entries(prefix);
  }

  /// Entries of exactly one key: as [#entries] with the bytes of all key columns, but faster.
  public EntryCursor find(int relation, byte[] key) {
    return spine(relation).find(key);
  }

  /// The total weight of the entries that start with `prefix`.
  public long weight(int relation, byte[] prefix) {
    long weight = 0;
    try (EntryCursor cursor = entries(relation, prefix)) {
      while (cursor.next()) {
        weight = Math.addExact(weight, cursor.weight());
      }
    }
    return weight;
  }

  /// Reads `columns` of the rows that start with `prefix`, in key order, as batches with weights
  /// (absent where all are +1).
  public ContentsReader read(
      int relation, List<Integer> columns, byte[] prefix, BufferAllocator allocator) {
    return new ContentsReader(
        spine(relation).layout(), columns, entries(relation, prefix), allocator);
  }

  private Spine spine(int relation) {
    Spine spine = spines.get(relation);
    if (spine == null) {
      throw new IllegalStateException("no contents of relation " + relation);
    }
    return spine;
  }

  /// The changes of a run as one batch of all columns with weights.
  public static DeltaBatch decode(ContentsLayout layout, Run run, BufferAllocator allocator) {
    try (BatchWriter out =
        new BatchWriter(allocator, layout.types(), true, Math.max(1, run.entries()))) {
      for (int i = 0; i < run.entries(); i++) {
        layout
            .rowCodec()
            .decode(run.segment(), run.rowStart(i), run.end(i) - run.rowStart(i), out, 0);
        out.endRow(run.weight(i));
      }
      return out.finish();
    }
  }

  static SqlException negative(int relation) {
    return new SqlException(
        ErrorCode.DATA_CORRUPTED, "contents of relation " + relation + " have a negative count");
  }
}
