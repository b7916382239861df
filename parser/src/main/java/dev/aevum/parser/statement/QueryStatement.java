package dev.aevum.parser.statement;

import org.apache.calcite.sql.SqlNode;

/// SELECT, VALUES, TABLE or WITH.
public record QueryStatement(SqlNode query) implements Statement {}
