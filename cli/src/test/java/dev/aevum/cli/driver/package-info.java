/// The server as PostgreSQL's JDBC driver sees it, with the driver's default settings unless a test
/// says otherwise.
@NullMarked
package dev.aevum.cli.driver;

import org.jspecify.annotations.NullMarked;
