package dev.aevum.executor.pattern;

import java.util.Arrays;

/// Matches, or ways so far, laid out for evaluation: per *frame* the rows (ids of the [RowStore])
/// it maps with their variables, and neighbours in the partition before and behind. Reused.
final class MatchFrames {
  static final int NO_ROW = -1;

  /// Rows behind the first one that a frame may have, [MatchSpec.Frame#UNBOUNDED] for no limit.
  private final long following;

  private int[] rows = new int[256];
  private int[] variables = new int[256];
  private boolean[] excluded = new boolean[256];
  private int used;
  private int[] from = new int[64];
  private int[] lengths = new int[64];
  private int[] before = new int[64];
  private int[] after = new int[64];
  private int[] bases = new int[64];
  private byte[] kinds = new byte[64];
  private long[] numbers = new long[64];
  private int count;

  static final byte MATCH = 0;
  static final byte TIMED_OUT = 1;
  static final byte UNMATCHED = 2;

  MatchFrames(long following) {
    this.following = following;
  }

  void clear() {
    used = 0;
    count = 0;
  }

  int count() {
    return count;
  }

  int usedRows() {
    return used;
  }

  /// Adds rows `start` to `end - 1` of a partition, taken by the LABELs of `path`, and up to
  /// `mostBefore` and `mostAfter` neighbours.
  void add(
      PartitionMatch p,
      Program program,
      int start,
      int end,
      int[] path,
      int mostBefore,
      int mostAfter,
      byte kind) {
    int first = addRows(p, start, end, mostBefore, mostAfter, kind);
    for (int i = 0; i < end - start; i++) {
      map(first + i, program, path[i]);
    }
  }

  private void map(int at, Program program, int pc) {
    variables[at] = program.mapped(pc);
    excluded[at] = program.isExcluded(pc);
  }

  /// Returns where the rows of the match begin.
  private int addRows(
      PartitionMatch p, int start, int end, int mostBefore, int mostAfter, byte kind) {
    int rowsBefore = Math.min(mostBefore, start);
    int rowsAfter = Math.min(mostAfter, p.size - end);
    if (following >= 0) {
      rowsAfter = (int) Math.min(rowsAfter, start + following + 1 - end);
    }
    int length = end - start;
    int total = rowsBefore + length + rowsAfter;
    ensure(total);
    System.arraycopy(p.rows, start - rowsBefore, rows, used, total);
    if (rowsBefore > 0) {
      Arrays.fill(variables, used, used + rowsBefore, NO_ROW);
    }
    if (rowsAfter > 0) {
      Arrays.fill(variables, used + rowsBefore + length, used + total, NO_ROW);
    }
    int first = used + rowsBefore;
    from[count] = first;
    lengths[count] = length;
    before[count] = rowsBefore;
    after[count] = rowsAfter;
    bases[count] = start < p.size ? p.rows[start] : NO_ROW;
    kinds[count] = kind;
    numbers[count] = p.matchNumber;
    count++;
    used += total;
    return first;
  }

  /// Adds a match of rows `ids`, of which the first `neighbours` and those behind its variables are
  /// not part of it.
  void addRecorded(
      int[] ids, int neighbours, int[] mapped, boolean[] hidden, byte kind, long number) {
    ensure(ids.length);
    System.arraycopy(ids, 0, rows, used, ids.length);
    Arrays.fill(variables, used, used + ids.length, NO_ROW);
    int first = used + neighbours;
    System.arraycopy(mapped, 0, variables, first, mapped.length);
    System.arraycopy(hidden, 0, excluded, first, mapped.length);
    from[count] = first;
    lengths[count] = mapped.length;
    before[count] = neighbours;
    after[count] = ids.length - neighbours - mapped.length;
    bases[count] = ids[neighbours];
    kinds[count] = kind;
    numbers[count] = number;
    count++;
    used += ids.length;
  }

  /// Takes the row under test to be mapped to `variable`, behind the path that ends in `node`.
  void addTest(
      PartitionMatch p,
      Program program,
      int start,
      int row,
      int node,
      int variable,
      int mostBefore,
      int mostAfter) {
    int first = addRows(p, start, row, mostBefore, mostAfter + 1, MATCH);
    int at = first + row - start;
    for (int n = node; n >= 0; n = p.parent(n)) {
      map(--at, program, p.labelOf(n));
    }
    if (at != first) {
      throw new IllegalStateException("path of another length than its match");
    }
    int frame = count - 1;
    variables[from[frame] + lengths[frame]] = variable;
    lengths[frame]++;
    after[frame]--;
  }

  private void ensure(int more) {
    if (used + more > rows.length) {
      int larger = Math.max(used + more, rows.length * 2);
      rows = Arrays.copyOf(rows, larger);
      variables = Arrays.copyOf(variables, larger);
      excluded = Arrays.copyOf(excluded, larger);
    }
    if (count == from.length) {
      int larger = count * 2;
      from = Arrays.copyOf(from, larger);
      lengths = Arrays.copyOf(lengths, larger);
      before = Arrays.copyOf(before, larger);
      after = Arrays.copyOf(after, larger);
      bases = Arrays.copyOf(bases, larger);
      kinds = Arrays.copyOf(kinds, larger);
      numbers = Arrays.copyOf(numbers, larger);
    }
  }

  int length(int frame) {
    return lengths[frame];
  }

  /// Neighbours that the frame has in front of the match's rows.
  int before(int frame) {
    return before[frame];
  }

  /// Neighbours that the frame has behind them.
  int after(int frame) {
    return after[frame];
  }

  /// The row at which the match starts, or would.
  int base(int frame) {
    return bases[frame];
  }

  byte kind(int frame) {
    return kinds[frame];
  }

  long number(int frame) {
    return numbers[frame];
  }

  void number(int frame, long number) {
    numbers[frame] = number;
  }

  /// Place of row `index` of the match in [#rowAt] and [#variableAt]; `index` may lie outside of
  /// it: -1 when the frame does not have it.
  int place(int frame, int index) {
    return index < -before[frame] || index >= lengths[frame] + after[frame]
        ? NO_ROW
        : from[frame] + index;
  }

  int rowAt(int place) {
    return rows[place];
  }

  /// -1 for a row that is not part of the match.
  int variableAt(int place) {
    return variables[place];
  }

  boolean isExcluded(int place) {
    return excluded[place];
  }
}
