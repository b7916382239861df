package dev.aevum.parser.statement;

import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// EXPLAIN of a statement or of an object of the catalogue. Option names are lower case (`analyze`,
/// `verbose`, `format`, ...), an option without value is `true`.
public record ExplainStatement(Options options, Target target) implements Statement {
  public sealed interface Target {}

  public record OfStatement(Statement statement, String text) implements Target {}

  /// `EXPLAIN name`.
  public record OfObject(ObjectName name) implements Target {}

  /// `EXPLAIN WATERMARK name`.
  public record OfWatermark(ObjectName name) implements Target {}

  /// `EXPLAIN WHY name [WHERE condition]`.
  public record OfRow(ObjectName name, @Nullable SqlNode where) implements Target {}
}
