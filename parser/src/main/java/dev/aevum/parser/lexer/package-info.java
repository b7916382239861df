/// PostgreSQL's lexical rules (manual, 4.1): [Lexer] cuts a script into [Lexeme]s, with cooked
/// values and exact character offsets. It knows nothing of the grammar, so the shell uses it to
/// find where statements end. [SyntaxErrors] has the wording of everything that can be wrong with a
/// text.
@NullMarked
package dev.aevum.parser.lexer;

import org.jspecify.annotations.NullMarked;
