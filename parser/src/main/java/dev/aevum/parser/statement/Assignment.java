package dev.aevum.parser.statement;

import org.apache.calcite.sql.SqlNode;

/// `column = value` of UPDATE; the value may be a [dev.aevum.parser.tree.DefaultNode].
public record Assignment(Name column, SqlNode value) {}
