package dev.aevum.parser.statement;

import org.jspecify.annotations.Nullable;

/// NOTIFY channel [, payload].
public record NotifyStatement(Name channel, @Nullable String payload) implements Statement {}
