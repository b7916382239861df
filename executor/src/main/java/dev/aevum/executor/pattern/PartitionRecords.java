package dev.aevum.executor.pattern;

import static dev.aevum.model.batch.Memory.BYTE;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.storage.state.JournalState;
import java.lang.foreign.MemorySegment;

/// What must be known of a partition besides its rows, by encoded key: `[match number i64][rows
/// before the first unsettled start i32][rows that matches cover from there on i32][rows were
/// dropped before i8]`. What the pattern can't see is left out; a partition of which nothing is to
/// be known has no record.
final class PartitionRecords {
  private final JournalState journal;
  private final boolean numbers;
  private final boolean starts;
  private final boolean cover;
  private final int rowsBefore;
  private final ByteSink value = new ByteSink();
  private long entries;

  PartitionRecords(JournalState journal, MatchPlan plan) {
    this.journal = journal;
    this.numbers = plan.usesNumber;
    this.cover = plan.rules.unmatched() && !plan.isPastLast();
    this.rowsBefore = plan.rowsBefore;
    boolean anchored = false;
    for (int op : plan.program.op) {
      anchored |= op == Program.START;
    }
    this.starts = anchored;
  }

  /// Nothing has to be known of any partition.
  boolean areNone() {
    return !numbers && !starts && !cover && rowsBefore == 0;
  }

  /// Writes the partition's record if it has changed; true when nothing is to be known of it.
  boolean write(PartitionMatch p) {
    long number = numbers ? p.matchNumber : 0;
    int before = Math.min(rowsBefore, p.unsettled);
    int covered = cover ? Math.max(0, p.covered - p.unsettled) : 0;
    boolean dropped = starts && (p.dropped > 0 || p.unsettled > 0);
    boolean isPlain = number == 0 && before == 0 && covered == 0 && !dropped;
    long rest = (long) before << 33 | (long) covered << 1 | (dropped ? 1 : 0);
    if (isPlain) {
      if (p.hasRecord) {
        p.hasRecord = false;
        entries--;
        byte[] key = p.key();
        journal.remove(MemorySegment.ofArray(key), 0, key.length, p.hash);
      }
      return true;
    }
    if (p.hasRecord && p.recordNumber == number && p.recordRest == rest) {
      return false;
    }
    entries += p.hasRecord ? 0 : 1;
    p.hasRecord = true;
    p.recordNumber = number;
    p.recordRest = rest;
    value.reset();
    value.appendLong(number);
    value.appendInt(before);
    value.appendInt(covered);
    value.appendByte(dropped ? 1 : 0);
    byte[] key = p.key();
    journal.put(
        MemorySegment.ofArray(key), 0, key.length, p.hash, value.segment(), 0, value.position());
    return false;
  }

  void restore(PartitionTable partitions) {
    journal.takeRestored((k, keyOffset, keyLength, v, at, valueLength) -> {
      byte[] key = new byte[keyLength];
      MemorySegment.copy(k, keyOffset, MemorySegment.ofArray(key), 0, keyLength);
      long hash = KeyCodec.hash(MemorySegment.ofArray(key), 0, keyLength);
      PartitionMatch p = partitions.add(key, 0, keyLength, hash);
      p.matchNumber = v.get(LONG, at);
      int before = v.get(INT, at + 8);
      p.unsettled = before;
      p.position = before;
      p.labelled = before;
      p.covered = before + v.get(INT, at + 12);
      p.dropped = v.get(BYTE, at + 16) != 0 ? 1 : 0;
      p.hasRecord = true;
      p.recordNumber = p.matchNumber;
      p.recordRest = -1;
      entries++;
    });
    journal.holds(entries, 0);
  }

  void report(long sizeBytes) {
    journal.holds(entries, sizeBytes);
  }
}
