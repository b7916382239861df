package dev.aevum.parser.statement;

import org.jspecify.annotations.Nullable;

/// COMMENT ON kind name IS text; `text` null removes it. For a column the last part of `name` is
/// the column.
public record CommentStatement(ObjectKind kind, ObjectName name, @Nullable String text)
    implements Statement {}
