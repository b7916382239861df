package dev.aevum.parser.grammar;

import dev.aevum.parser.tree.FunctionCallNode;
import dev.aevum.parser.tree.Spans;
import dev.aevum.parser.tree.WindowNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlAbstractParserImpl;
import org.jspecify.annotations.Nullable;

/// Collects the parts of a call while the grammar reads them.
final class CallBuilder {
  private final SqlIdentifier name;
  final List<SqlNode> arguments = new ArrayList<>();
  final List<SqlNode> orderBy = new ArrayList<>();
  boolean star;
  boolean variadic;
  boolean withinGroup;
  @Nullable String quantifier;
  @Nullable SqlNode filter;
  @Nullable String nullTreatment;
  @Nullable WindowNode over;

  CallBuilder(SqlIdentifier name) {
    this.name = name;
  }

  FunctionCallNode build(SqlAbstractParserImpl parser) {
    return new FunctionCallNode(
        Nodes.pos(name, parser),
        name.names,
        arguments,
        false,
        star,
        quantifier,
        variadic,
        orderBy,
        withinGroup,
        filter,
        nullTreatment,
        over,
        Spans.of(name));
  }
}
