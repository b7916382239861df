package dev.aevum.parser.statement;

/// DISCARD.
public record DiscardStatement(Target target) implements Statement {
  public enum Target {
    ALL,
    PLANS,
    SEQUENCES,
    TEMP
  }
}
