package dev.aevum.parser.tree;

import dev.aevum.model.error.SourceSpan;

/// The name of a row pattern variable where it is written.
public record PatternName(String text, SourceSpan span) {}
