/// The grammar and what it stands on. Generated here at build time: `Grammar` (JavaCC) and
/// `GrammarWords`. Ours: [TokenSource] turns lexemes into the grammar's tokens and decides, as
/// PostgreSQL's own token filter does, where a word is a keyword; [Ahead] answers the grammar's
/// questions about what follows; [Nodes] and the builders make nodes and records. Nothing outside
/// `dev.aevum.parser` uses this package.
@NullMarked
package dev.aevum.parser.grammar;

import org.jspecify.annotations.NullMarked;
