package dev.aevum.parser.tree;

import dev.aevum.model.error.SourceSpan;
import org.apache.calcite.sql.SqlNode;

/// A statement's own text, and the text of its parts, whose spans count in the script that it stood
/// in.
///
/// @param start where the statement starts in the script, 1-based
public record StatementText(String text, int start) {
  /// The text of an expression of the statement, as it was written.
  public String of(SqlNode node) {
    SourceSpan span = Spans.of(node);
    return text.substring(span.start() - start, span.end() - start);
  }
}
