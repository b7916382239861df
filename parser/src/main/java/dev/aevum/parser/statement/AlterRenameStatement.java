package dev.aevum.parser.statement;

import org.jspecify.annotations.Nullable;

/// ALTER kind name RENAME [COLUMN column] TO newName; `column` is null where the object itself is
/// renamed.
public record AlterRenameStatement(
    ObjectKind kind, ObjectName name, boolean ifExists, @Nullable Name column, Name newName)
    implements Statement {}
