package dev.aevum.parser.statement;

import dev.aevum.model.error.SourceSpan;

/// SHOW name. SHOW TIME ZONE is `timezone`, SHOW TRANSACTION ISOLATION LEVEL
/// `transaction_isolation`, SHOW SESSION AUTHORIZATION `session_authorization`. The name is lower
/// case.
public record ShowSettingStatement(String name, SourceSpan span) implements Statement {}
