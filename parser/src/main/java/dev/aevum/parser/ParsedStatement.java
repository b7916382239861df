package dev.aevum.parser;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.parser.statement.Statement;

/// One statement of a script: its record, its own text (without the semicolon and surrounding
/// space) and where that text stands in the script. All spans inside count in the script, not in
/// `text`.
public record ParsedStatement(Statement statement, String text, SourceSpan span) {}
