/// sqllogictest files: [SltParser] reads records, [SltRunner] runs them against an [SltTarget] (a
/// database in this process, or a server) and compares, [SltRewriter] writes what came out back
/// into the file.
///
/// A record is one directive with its SQL and expectation. A file runs in a mode ([SltMode]): the
/// results must not depend on it.
@NullMarked
package dev.aevum.cli.slt;

import org.jspecify.annotations.NullMarked;
