package dev.aevum.parser.statement;

import org.jspecify.annotations.Nullable;

/// UNLISTEN channel, or * with null.
public record UnlistenStatement(@Nullable Name channel) implements Statement {}
