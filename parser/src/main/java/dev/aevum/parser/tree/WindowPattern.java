package dev.aevum.parser.tree;

import dev.aevum.model.error.SourceSpan;

/// The row pattern of a window (R020). `match` has no ROWS PER MATCH; `seek`: SEEK, else INITIAL;
/// `span`: from its first clause to its last.
public record WindowPattern(MatchClause match, boolean seek, SourceSpan span) {}
