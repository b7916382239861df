package dev.aevum.parser.statement;

/// FETCH or MOVE (`move`). `count` is for FORWARD, BACKWARD, ABSOLUTE and RELATIVE; Long.MAX_VALUE
/// is ALL. NEXT is FORWARD 1, PRIOR BACKWARD 1, FIRST ABSOLUTE 1, LAST ABSOLUTE -1. `options` has
/// `timeout` of a subscription's cursor.
public record FetchStatement(
    boolean move, Direction direction, long count, Name cursor, Options options)
    implements Statement {
  public enum Direction {
    FORWARD,
    BACKWARD,
    ABSOLUTE,
    RELATIVE
  }
}
