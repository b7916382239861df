package dev.aevum.parser.statement;

/// CREATE SCHEMA.
public record CreateSchemaStatement(Name name, boolean ifNotExists) implements Statement {}
