package dev.aevum.model.batch;

import dev.aevum.model.type.SqlType;

/// A named column of a schema.
public record Field(String name, SqlType type, boolean nullable) {}
