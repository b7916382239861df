/// SQL text to statement records. [SqlParser] is the way in; [StatementSplitter] cuts a script at
/// its semicolons (for the shell, too); [dev.aevum.parser.lexer.Keywords] is the word list behind
/// `pg_get_keywords()`. `statement` has one record a statement, `tree` describes queries and
/// expressions. The lexer is ours (PostgreSQL's rules); the grammar is generated at build time from
/// Calcite's template with the named edits of `src/main/codegen/edits.txt` and our productions
/// beside it.
@NullMarked
package dev.aevum.parser;

import org.jspecify.annotations.NullMarked;
