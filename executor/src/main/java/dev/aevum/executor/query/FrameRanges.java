package dev.aevum.executor.query;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.plan.WindowFrame;
import dev.aevum.planner.plan.WindowFrame.Edge;
import dev.aevum.planner.plan.WindowFrame.Exclusion;
import dev.aevum.planner.plan.WindowFrame.Unit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The frame of each sorted row: positions from `start` to before `end` (never less than `start`),
/// without what is excluded.
final class FrameRanges {
  private final WindowFrame frame;
  private final OverFrames over;
  private final int[] starts;
  private final int[] ends;

  private FrameRanges(WindowFrame frame, OverFrames over) {
    this.frame = frame;
    this.over = over;
    this.starts = new int[over.rows()];
    this.ends = new int[over.rows()];
  }

  /// Errors: 22004 and 22013 for offsets that are NULL or negative.
  ///
  /// @param order the window's ORDER BY
  static FrameRanges of(
      WindowFrame frame, DeltaBatch sorted, OverFrames over, List<SortKey> order) {
    FrameRanges ranges = new FrameRanges(frame, over);
    check(frame, frame.start(), "starting", sorted);
    check(frame, frame.end(), "ending", sorted);
    RowOrder keys = ordered(sorted, frame.orderKey(), order);
    RowOrder startLimits = ordered(sorted, frame.start().limit(), order);
    RowOrder endLimits = ordered(sorted, frame.end().limit(), order);
    int[] groups = frame.unit() == Unit.GROUPS ? groupStarts(over) : new int[0];
    int group = -1;
    for (int i = 0; i < over.rows(); i++) {
      if (over.peerStart()[i] == i) {
        group++;
      }
      int from =
          frame.start().hasOffset()
              ? switch (frame.unit()) {
                case ROWS -> ranges.row(i, frame.start(), sorted, 0);
                case GROUPS -> ranges.group(i, group, groups, frame.start(), sorted, 0);
                case RANGE -> ranges.limit(i, keys, startLimits, false);
              }
              : ranges.plain(i, frame.start().bound(), true);
      int to =
          frame.end().hasOffset()
              ? switch (frame.unit()) {
                case ROWS -> ranges.row(i, frame.end(), sorted, 1);
                case GROUPS -> ranges.group(i, group, groups, frame.end(), sorted, 1);
                case RANGE -> ranges.limit(i, keys, endLimits, true);
              }
              : ranges.plain(i, frame.end().bound(), false);
      ranges.starts[i] = from;
      ranges.ends[i] = Math.max(from, to);
    }
    return ranges;
  }

  int start(int row) {
    return starts[row];
  }

  int end(int row) {
    return ends[row];
  }

  /// Whether two rows see the same rows for certain.
  boolean same(int a, int b) {
    return starts[a] == starts[b]
        && ends[a] == ends[b]
        && switch (frame.exclusion()) {
          case NO_OTHERS -> true;
          case GROUP -> over.peerStart()[a] == over.peerStart()[b];
          case CURRENT_ROW, TIES -> a == b;
        };
  }

  boolean excludes() {
    return frame.exclusion() != Exclusion.NO_OTHERS;
  }

  /// Whether `row` does not see `other`, which is in its range.
  boolean excluded(int row, int other) {
    return switch (frame.exclusion()) {
      case NO_OTHERS -> false;
      case CURRENT_ROW -> other == row;
      case GROUP -> isPeer(row, other);
      case TIES -> other != row && isPeer(row, other);
    };
  }

  private boolean isPeer(int row, int other) {
    return over.peerStart()[row] <= other && other < over.peerEnd()[row];
  }

  private static @Nullable RowOrder ordered(DeltaBatch sorted, int column, List<SortKey> order) {
    if (column < 0) {
      return null;
    }
    SortKey key = order.getFirst();
    return RowOrder.of(sorted, List.of(new SortKey(column, key.descending(), key.nullsFirst())));
  }

  private static void check(WindowFrame frame, Edge edge, String which, DeltaBatch sorted) {
    if (!edge.hasOffset()) {
      return;
    }
    Column offset = sorted.column(edge.offset());
    for (int i = 0; i < sorted.rows(); i++) {
      if (offset.isNull(i)) {
        throw new SqlException(
            ErrorCode.NULL_VALUE_NOT_ALLOWED, "frame " + which + " offset must not be null");
      }
      if (frame.unit() == Unit.RANGE ? offset.booleanAt(i) : offset.longAt(i) < 0) {
        throw new SqlException(
            ErrorCode.INVALID_PRECEDING_OR_FOLLOWING_SIZE,
            frame.unit() == Unit.RANGE
                ? "invalid preceding or following size in window function"
                : "frame " + which + " offset must not be negative");
      }
    }
  }

  private int plain(int row, WindowFrame.Bound bound, boolean first) {
    return switch (bound) {
      case UNBOUNDED_PRECEDING -> over.partitionStart()[row];
      case UNBOUNDED_FOLLOWING -> over.partitionEnd()[row];
      case CURRENT_ROW -> {
        if (frame.unit() == Unit.ROWS) {
          yield first ? row : row + 1;
        }
        yield first ? over.peerStart()[row] : over.peerEnd()[row];
      }
      case PRECEDING, FOLLOWING -> throw new IllegalStateException("an offset without a value");
    };
  }

  /// Row `row` plus or minus the offset, plus `past`, within the partition.
  private int row(int row, Edge edge, DeltaBatch sorted, int past) {
    long offset = Math.min(sorted.column(edge.offset()).longAt(row), Integer.MAX_VALUE);
    long at = row + (edge.bound() == WindowFrame.Bound.PRECEDING ? -offset : offset) + past;
    return (int) Math.clamp(at, over.partitionStart()[row], (long) over.partitionEnd()[row]);
  }

  private int group(int row, int group, int[] groups, Edge edge, DeltaBatch sorted, int past) {
    long offset = Math.min(sorted.column(edge.offset()).longAt(row), Integer.MAX_VALUE);
    long at = group + (edge.bound() == WindowFrame.Bound.PRECEDING ? -offset : offset) + past;
    if (at < 0) {
      return over.partitionStart()[row];
    }
    int position = at < groups.length ? groups[(int) at] : over.rows();
    return Math.clamp(position, over.partitionStart()[row], over.partitionEnd()[row]);
  }

  private static int[] groupStarts(OverFrames over) {
    int[] starts = new int[over.rows()];
    int count = 0;
    for (int i = 0; i < starts.length; i++) {
      if (over.peerStart()[i] == i) {
        starts[count++] = i;
      }
    }
    return java.util.Arrays.copyOf(starts, count);
  }

  /// The first row of the partition whose key is not before the limit (`past`: is after it).
  private int limit(int row, @Nullable RowOrder keys, @Nullable RowOrder limits, boolean past) {
    if (keys == null || limits == null) {
      throw new IllegalStateException("RANGE with an offset without its limits");
    }
    int low = over.partitionStart()[row];
    int high = over.partitionEnd()[row];
    while (low < high) {
      int middle = (low + high) >>> 1;
      int compared = keys.compare(middle, limits, row);
      if (past ? compared <= 0 : compared < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
