package dev.aevum.planner.plan;

import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// Which rows of its partition a row's window function sees. Column numbers are those of the input,
/// -1 where there is none.
///
/// @param orderKey RANGE with an offset: the ORDER BY value that limits are compared with
public record WindowFrame(Unit unit, Edge start, Edge end, Exclusion exclusion, int orderKey) {
  /// From the partition's start to the last peer of the row.
  public static final WindowFrame DEFAULT =
      new WindowFrame(
          Unit.RANGE,
          Edge.of(Bound.UNBOUNDED_PRECEDING),
          Edge.of(Bound.CURRENT_ROW),
          Exclusion.NO_OTHERS,
          -1);

  public enum Unit {
    ROWS,
    RANGE,
    GROUPS
  }

  public enum Bound {
    UNBOUNDED_PRECEDING,
    PRECEDING,
    CURRENT_ROW,
    FOLLOWING,
    UNBOUNDED_FOLLOWING
  }

  public enum Exclusion {
    NO_OTHERS,
    CURRENT_ROW,
    GROUP,
    TIES
  }

  /// One end.
  ///
  /// @param offset ROWS and GROUPS: the bigint distance; RANGE: whether the distance is negative
  /// @param limit RANGE: the value of the order key where the frame begins or ends
  public record Edge(Bound bound, int offset, int limit) {
    public static Edge of(Bound bound) {
      return new Edge(bound, -1, -1);
    }

    public boolean hasOffset() {
      return offset >= 0;
    }

    private Edge map(IntUnaryOperator column) {
      return new Edge(bound, moved(offset, column), moved(limit, column));
    }
  }

  /// The same frame where columns have other numbers.
  public WindowFrame map(IntUnaryOperator column) {
    return new WindowFrame(
        unit, start.map(column), end.map(column), exclusion, moved(orderKey, column));
  }

  /// Columns that it reads.
  public List<Integer> columns() {
    return IntStream.of(start.offset, start.limit, end.offset, end.limit, orderKey)
        .filter(c -> c >= 0)
        .boxed()
        .toList();
  }

  private static int moved(int column, IntUnaryOperator to) {
    return column < 0 ? column : to.applyAsInt(column);
  }

  /// As SQL writes it, without the offsets.
  @Override
  public String toString() {
    String text = unit + " between " + text(start) + " and " + text(end);
    return exclusion == Exclusion.NO_OTHERS ? text : text + " exclude " + words(exclusion.name());
  }

  private static String text(Edge edge) {
    return (edge.hasOffset() ? "offset " : "") + words(edge.bound.name());
  }

  private static String words(String name) {
    return name.replace('_', ' ').toLowerCase(java.util.Locale.ROOT);
  }
}
