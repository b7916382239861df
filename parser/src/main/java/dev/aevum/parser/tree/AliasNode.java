package dev.aevum.parser.tree;

import dev.aevum.model.error.SourceSpan;
import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/// `item AS alias`, of a select item or of a table. `columns` holds the names of `AS t(a, b)`;
/// `types` is empty or, for `f() AS t(a int, b text)`, as long as `columns`. A table alias may be
/// missing (`AS (a int)`): then `alias` is empty.
public final class AliasNode extends TreeNode {
  private final SqlNode item;
  private final String alias;
  private final List<String> columns;
  private final List<TypeName> types;
  private final SourceSpan aliasSpan;

  public AliasNode(
      SqlParserPos pos,
      SqlNode item,
      String alias,
      List<String> columns,
      List<TypeName> types,
      SourceSpan aliasSpan) {
    super(pos);
    this.item = item;
    this.alias = alias;
    this.columns = List.copyOf(columns);
    this.types = List.copyOf(types);
    this.aliasSpan = aliasSpan;
  }

  public SqlNode item() {
    return item;
  }

  public String alias() {
    return alias;
  }

  public List<String> columns() {
    return columns;
  }

  public List<TypeName> types() {
    return types;
  }

  public SourceSpan aliasSpan() {
    return aliasSpan;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(item);
  }
}
