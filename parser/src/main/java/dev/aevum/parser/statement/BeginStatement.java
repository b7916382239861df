package dev.aevum.parser.statement;

/// BEGIN or START TRANSACTION (`isStart` decides the command tag).
public record BeginStatement(boolean isStart, TransactionModes modes) implements Statement {}
