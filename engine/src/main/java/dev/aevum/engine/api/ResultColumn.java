package dev.aevum.engine.api;

import dev.aevum.model.type.SqlType;

/// A column of a result, with the table column behind it (0, 0 where none).
public record ResultColumn(String name, SqlType type, int tableOid, int attributeNumber) {}
