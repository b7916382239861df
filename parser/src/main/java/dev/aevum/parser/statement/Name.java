package dev.aevum.parser.statement;

import dev.aevum.model.error.SourceSpan;

/// One identifier as PostgreSQL reads it (folded unless quoted) and where it stands.
public record Name(String text, SourceSpan span) {}
