package dev.aevum.parser.statement;

/// DESCRIBE name.
public record DescribeStatement(ObjectName name) implements Statement {}
