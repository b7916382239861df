/// The shell, `aevum sql`: reads statements from the terminal, a file, standard input or `-c`,
/// sends them over the PostgreSQL protocol (so it works against PostgreSQL too) and prints results.
/// [SqlShell] is the loop, [ScriptSplitter] finds where statements end, [ResultPrinter] prints.
@NullMarked
package dev.aevum.cli.shell;

import org.jspecify.annotations.NullMarked;
