package dev.aevum.parser.grammar;

import dev.aevum.parser.statement.FetchStatement;
import dev.aevum.parser.statement.FetchStatement.Direction;
import dev.aevum.parser.statement.Name;
import dev.aevum.parser.statement.Options;

/// Collects a FETCH or MOVE; without a direction it is FORWARD 1.
final class FetchBuilder {
  private final boolean move;
  private Direction direction = Direction.FORWARD;
  private long count = 1;

  FetchBuilder(boolean move) {
    this.move = move;
  }

  void set(Direction newDirection, long newCount) {
    direction = newDirection;
    count = newCount;
  }

  FetchStatement build(Name cursor, Options options) {
    return new FetchStatement(move, direction, count, cursor, options);
  }
}
