package dev.aevum.parser.tree;

import dev.aevum.model.error.SourceSpan;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// From Calcite's positions to ours. The lexer gives every token line 1 and, as its column, the
/// 1-based character offset in the whole script; so a position needs no text to be turned into a
/// span, and tabs or line ends cannot shift it.
public final class Spans {
  private Spans() {}

  public static SourceSpan of(SqlNode node) {
    return of(node.getParserPosition());
  }

  /// @throws IllegalArgumentException for [SqlParserPos#ZERO]: a node that stands for no text
  public static SourceSpan of(SqlParserPos pos) {
    return new SourceSpan(pos.getColumnNum(), pos.getEndColumnNum() + 1);
  }

  public static SqlParserPos position(SourceSpan span) {
    return new SqlParserPos(1, span.start(), 1, span.end() - 1);
  }
}
