package dev.aevum.parser.statement;

import org.jspecify.annotations.Nullable;

/// SHOW CREATE [kind] name.
public record ShowCreateStatement(@Nullable ObjectKind kind, ObjectName name)
    implements Statement {}
