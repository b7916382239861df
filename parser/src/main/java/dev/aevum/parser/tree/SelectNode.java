package dev.aevum.parser.tree;

import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/// A SELECT. Calcite's node with what PostgreSQL adds: `DISTINCT ON (...)`. `isDistinct()` is plain
/// DISTINCT, and false where [#distinctOn] is there. The select list may be empty.
public final class SelectNode extends SqlSelect {
  private final @Nullable SqlNodeList distinctOn;

  public SelectNode(
      SqlParserPos pos,
      SqlNodeList keywords,
      @Nullable SqlNodeList distinctOn,
      SqlNodeList selectList,
      @Nullable SqlNode from,
      @Nullable SqlNode where,
      @Nullable SqlNodeList groupBy,
      @Nullable SqlNode having,
      @Nullable SqlNodeList windows,
      @Nullable SqlNode qualify) {
    super(
        pos,
        keywords,
        selectList,
        from,
        where,
        groupBy,
        having,
        windows,
        qualify,
        null,
        null,
        null,
        null);
    this.distinctOn = distinctOn;
  }

  public @Nullable SqlNodeList distinctOn() {
    return distinctOn;
  }
}
