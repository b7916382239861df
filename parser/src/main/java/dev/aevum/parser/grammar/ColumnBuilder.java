package dev.aevum.parser.grammar;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.parser.lexer.SyntaxErrors;
import dev.aevum.parser.statement.ColumnDefinition;
import dev.aevum.parser.statement.Name;
import dev.aevum.parser.tree.TypeName;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// Collects a column definition while the grammar reads it.
final class ColumnBuilder {
  private final Name name;
  private final TypeName type;
  private @Nullable SqlNode defaultExpression;
  boolean notNull;
  boolean primaryKey;
  boolean unique;

  ColumnBuilder(Name name, TypeName type) {
    this.name = name;
    this.type = type;
  }

  void defaultTo(SqlNode expression, SqlToken at) {
    if (defaultExpression != null) {
      throw SyntaxErrors.invalid(
          "multiple default values specified for column \"" + name.text() + '"',
          Nodes.span(at),
          null);
    }
    defaultExpression = expression;
  }

  ColumnDefinition build(SourceSpan last) {
    SourceSpan span = new SourceSpan(name.span().start(), last.end());
    return new ColumnDefinition(
        name, type, notNull || primaryKey, primaryKey, unique, defaultExpression, span);
  }
}
