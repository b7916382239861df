package dev.aevum.executor.query;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.planner.plan.AggregateCall;

/// row_number, rank, dense_rank, percent_rank, cume_dist, ntile, lag, lead, first_value,
/// last_value, nth_value over sorted rows.
final class RankFunctions {
  private RankFunctions() {}

  static Column evaluate(
      AggregateCall call,
      DeltaBatch sorted,
      OverFrames frames,
      FrameRanges ranges,
      QueryContext context) {
    return switch (call.function().name()) {
      case "lag" -> shifted(call, sorted, frames, context, -1);
      case "lead" -> shifted(call, sorted, frames, context, 1);
      case "first_value", "last_value", "nth_value" -> place(call, sorted, ranges, context);
      default -> ranks(call, sorted, frames, context);
    };
  }

  private static Column ranks(
      AggregateCall call, DeltaBatch sorted, OverFrames frames, QueryContext context) {
    try (ColumnWriter out = new ColumnWriter(context.allocator(), call.type(), frames.rows())) {
      long dense = 0;
      for (int i = 0, start = -1, end = 0; i < frames.rows(); i++) {
        if (frames.partitionStart()[i] != start) {
          start = frames.partitionStart()[i];
          end = frames.partitionEnd()[i];
          dense = 0;
        }
        int peers = frames.peerStart()[i];
        if (peers == i) {
          dense++;
        }
        long size = (long) end - start;
        switch (call.function().name()) {
          case "row_number" -> out.appendLong(i - start + 1L);
          case "rank" -> out.appendLong(peers - start + 1L);
          case "dense_rank" -> out.appendLong(dense);
          case "percent_rank" ->
              out.appendDouble(size < 2 ? 0 : (peers - start) / (double) (size - 1));
          case "cume_dist" -> out.appendDouble((frames.peerEnd()[i] - start) / (double) size);
          case "ntile" -> out.appendInt(bucket(call, sorted, i, start, size));
          default ->
              throw new SqlException(
                  ErrorCode.FEATURE_NOT_SUPPORTED,
                  "window function " + call.function().name() + " is not supported");
        }
      }
      return out.finish();
    }
  }

  private static int bucket(AggregateCall call, DeltaBatch sorted, int row, int start, long size) {
    int buckets = sorted.column(call.arguments().getFirst()).intAt(row);
    if (buckets <= 0) {
      throw new SqlException(
          ErrorCode.INVALID_ARGUMENT_FOR_NTILE, "argument of ntile must be greater than zero");
    }
    long larger = size % buckets;
    long small = size / buckets;
    long at = (long) row - start;
    return (int)
        (at < larger * (small + 1)
            ? at / (small + 1) + 1
            : larger + (at - larger * (small + 1)) / Math.max(1, small) + 1);
  }

  private static Column shifted(
      AggregateCall call,
      DeltaBatch sorted,
      OverFrames frames,
      QueryContext context,
      int direction) {
    Column value = sorted.column(call.arguments().getFirst());
    Column offset = call.arguments().size() > 1 ? sorted.column(call.arguments().get(1)) : null;
    Column fallback = call.arguments().size() > 2 ? sorted.column(call.arguments().get(2)) : null;
    try (ColumnWriter out = new ColumnWriter(context.allocator(), call.type(), frames.rows())) {
      for (int i = 0; i < frames.rows(); i++) {
        if (offset != null && offset.isNull(i)) {
          out.appendNull();
          continue;
        }
        long other = i + direction * (offset == null ? 1L : offset.intAt(i));
        boolean inside =
            other >= 0
                && other < frames.rows()
                && frames.partitionStart()[(int) other] == frames.partitionStart()[i];
        if (inside) {
          out.appendFrom(value, (int) other);
        } else if (fallback != null) {
          out.appendFrom(fallback, i);
        } else {
          out.appendNull();
        }
      }
      return out.finish();
    }
  }

  /// The value in the first, the last or the n-th row of the frame.
  private static Column place(
      AggregateCall call, DeltaBatch sorted, FrameRanges ranges, QueryContext context) {
    String name = call.function().name();
    int[] rows = new int[sorted.rows()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] =
          switch (name) {
            case "first_value" -> nth(ranges, i, 1);
            case "last_value" -> last(ranges, i);
            default -> nth(ranges, i, number(sorted.column(call.arguments().get(1)), i));
          };
    }
    return OverSource.gatherOrNull(context, sorted.column(call.arguments().getFirst()), rows);
  }

  /// 0 for NULL.
  private static int number(Column column, int row) {
    if (column.isNull(row)) {
      return 0;
    }
    int number = column.intAt(row);
    if (number <= 0) {
      throw new SqlException(
          ErrorCode.INVALID_ARGUMENT_FOR_NTH_VALUE,
          "argument of nth_value must be greater than zero");
    }
    return number;
  }

  /// The position, or -1 when there is none.
  private static int nth(FrameRanges ranges, int row, int number) {
    int start = ranges.start(row);
    if (!ranges.excludes()) {
      return number > 0 && number <= ranges.end(row) - start ? start + number - 1 : -1;
    }
    int left = number;
    for (int at = start; at < ranges.end(row) && left > 0; at++) {
      if (!ranges.excluded(row, at) && --left == 0) {
        return at;
      }
    }
    return -1;
  }

  private static int last(FrameRanges ranges, int row) {
    int at = ranges.end(row) - 1;
    while (at >= ranges.start(row) && ranges.excluded(row, at)) {
      at--;
    }
    return at >= ranges.start(row) ? at : -1;
  }
}
