/// One record for each kind of SQL statement, below the sealed [Statement]: handle them with an
/// exhaustive `switch`. Names are [Name] and [ObjectName] (folded as PostgreSQL folds), `WITH
/// (...)` lists are [Options]; every span counts 1-based characters of the whole script. Calcite
/// shows only as `SqlNode`, where a query or an expression is carried: the shapes are described in
/// `dev.aevum.parser.tree`.
@NullMarked
package dev.aevum.parser.statement;

import org.jspecify.annotations.NullMarked;
