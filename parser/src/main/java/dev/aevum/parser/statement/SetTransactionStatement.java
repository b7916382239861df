package dev.aevum.parser.statement;

/// SET TRANSACTION (`session` false) or SET SESSION CHARACTERISTICS AS TRANSACTION. A snapshot is
/// refused.
public record SetTransactionStatement(boolean session, TransactionModes modes)
    implements Statement {}
