package dev.aevum.parser.statement;

import dev.aevum.model.error.SourceSpan;
import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// COPY table [(columns)] FROM|TO, or COPY (query) TO. Old and new option syntax give the same
/// `options`: lower-case names (`format`, `header`, `delimiter`, `null`, `quote`, `escape`,
/// `freeze`, `encoding`, `force_quote`, `force_not_null`, `force_null`) and their values: words,
/// strings, column names or `*`; no value at all is `true`.
public record CopyStatement(
    @Nullable ObjectName table,
    List<Name> columns,
    @Nullable Statement query,
    Direction direction,
    Endpoint endpoint,
    @Nullable String file,
    List<CopyOption> options,
    @Nullable SqlNode where)
    implements Statement {
  public CopyStatement {
    columns = List.copyOf(columns);
    options = List.copyOf(options);
  }

  public enum Direction {
    FROM,
    TO
  }

  /// STDIO is STDIN or STDOUT; FILE and PROGRAM have their text in `file`.
  public enum Endpoint {
    STDIO,
    FILE,
    PROGRAM
  }

  public record CopyOption(String name, List<String> values, SourceSpan span) {}
}
