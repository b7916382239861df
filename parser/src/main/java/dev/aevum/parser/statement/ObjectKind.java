package dev.aevum.parser.statement;

/// The kinds of objects that DROP, ALTER and COMMENT name, with the words of the statement.
public enum ObjectKind {
  STREAM,
  TABLE,
  VIEW,
  MATERIALIZED_VIEW,
  SINK,
  SOURCE,
  SCHEMA,
  COLUMN,
  INDEX,
  SEQUENCE,
  TYPE,
  FUNCTION,
  SECRET,
  CONNECTION,
  SUBSCRIPTION,
  MODEL,
  DATABASE,
  ROLE,
  EXTENSION,
  CONSTRAINT;

  /// As in a command tag: `MATERIALIZED VIEW`.
  public String words() {
    return name().replace('_', ' ');
  }
}
