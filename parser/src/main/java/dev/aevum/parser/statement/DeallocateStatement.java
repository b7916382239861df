package dev.aevum.parser.statement;

import org.jspecify.annotations.Nullable;

/// DEALLOCATE [PREPARE] name, or ALL with `name` null.
public record DeallocateStatement(@Nullable Name name) implements Statement {}
