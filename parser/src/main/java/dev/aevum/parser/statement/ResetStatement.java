package dev.aevum.parser.statement;

import org.jspecify.annotations.Nullable;

/// RESET name, or RESET ALL with `name` null.
public record ResetStatement(@Nullable String name) implements Statement {}
