package dev.aevum.parser.statement;

import dev.aevum.model.error.SourceSpan;

/// One entry of a `WITH (...)` list. `name` is the lower-case dotted name
/// (`properties.fetch.min.bytes`), `nameSpan` where it stands.
public record Option(String name, SourceSpan nameSpan, OptionValue value) {}
