package dev.aevum.parser.statement;

import org.jspecify.annotations.Nullable;

/// CLOSE name, or ALL with `cursor` null.
public record CloseCursorStatement(@Nullable Name cursor) implements Statement {}
