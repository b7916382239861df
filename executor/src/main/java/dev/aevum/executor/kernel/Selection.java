package dev.aevum.executor.kernel;

import org.jspecify.annotations.Nullable;

/// Which rows of a batch to look at, ascending or not: all of the first `size`, or a list of
/// indices. Immutable; the array given to [#of] belongs to the selection from then on.
public final class Selection {
  private final int @Nullable [] rows;
  private final int size;

  private Selection(int @Nullable [] rows, int size) {
    this.rows = rows;
    this.size = size;
  }

  /// Rows 0 to `rows - 1`.
  public static Selection all(int rows) {
    return new Selection(null, rows);
  }

  /// The first `size` entries of `rows`.
  public static Selection of(int[] rows, int size) {
    if (size > rows.length) {
      throw new IllegalArgumentException(size + " of " + rows.length + " rows");
    }
    return new Selection(rows, size);
  }

  public boolean isAll() {
    return rows == null;
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /// The index list, possibly longer than [#size]; null when [#isAll]. Not to be written.
  public int @Nullable [] rows() {
    return rows;
  }

  /// The row at a position.
  public int row(int position) {
    return rows == null ? position : rows[position];
  }

  /// The rows at `positions` of this selection.
  public Selection narrow(int[] positions, int count) {
    if (rows == null) {
      return of(positions, count);
    }
    int[] narrowed = new int[count];
    for (int i = 0; i < count; i++) {
      narrowed[i] = rows[positions[i]];
    }
    return of(narrowed, count);
  }
}
