package dev.aevum.parser.statement;

/// LISTEN.
public record ListenStatement(Name channel) implements Statement {}
