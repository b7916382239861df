package dev.aevum.parser.statement;

/// SHOW ALL.
public record ShowAllSettingsStatement() implements Statement {}
