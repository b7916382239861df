package dev.aevum.parser.statement;

import org.jspecify.annotations.Nullable;

/// DECLARE name ... CURSOR ... FOR; `statement` is a [QueryStatement] or a [SubscribeStatement],
/// `text` its own text; `scroll` null where neither SCROLL nor NO SCROLL was given.
public record DeclareCursorStatement(
    Name name,
    boolean binary,
    boolean insensitive,
    @Nullable Boolean scroll,
    boolean hold,
    Statement statement,
    String text)
    implements Statement {}
