package dev.aevum.parser.tree;

import dev.aevum.model.error.SourceSpan;
import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/// Every function call. `name` has one to three parts. What has its own syntax in PostgreSQL comes
/// as PostgreSQL's own function: TRIM as `btrim/ltrim/rtrim(text [, chars])`, POSITION(a IN b) as
/// `position(b, a)`, SUBSTRING(x FROM a FOR b) as `substring(x, a, b)`, OVERLAY(x PLACING y FROM a
/// FOR b) as `overlay(x, y, a, b)`, EXTRACT(f FROM x) as `extract('f', x)`, `x AT TIME ZONE z` as
/// `timezone(z, x)`, COLLATION FOR (x) as `pg_collation_for(x)`. COALESCE, NULLIF, GREATEST, LEAST,
/// GROUPING are plain calls. `(a, b) OVERLAPS (c, d)` is `overlaps(a, b, c, d)`; RUNNING f(x) and
/// FINAL f(x) in MEASURES are `running(f(x))` and `final(f(x))`. CURRENT_DATE, CURRENT_USER and the
/// others without parentheses have `isBare`. `count(*)` has `isStar` and no arguments. `quantifier`
/// is null, `DISTINCT` or `ALL`; `variadic` marks the last argument; `orderBy` holds
/// [SortItemNode]s (for WITHIN GROUP too: `isWithinGroup`); `over` is null or a [WindowNode] (`OVER
/// name` is one with only `existing`).
public final class FunctionCallNode extends TreeNode {
  private final List<String> name;
  private final List<SqlNode> arguments;
  private final boolean isBare;
  private final boolean isStar;
  private final @Nullable String quantifier;
  private final boolean variadic;
  private final List<SqlNode> orderBy;
  private final boolean isWithinGroup;
  private final @Nullable SqlNode filter;
  private final @Nullable String nullTreatment;
  private final @Nullable WindowNode over;
  private final SourceSpan nameSpan;

  public FunctionCallNode(
      SqlParserPos pos,
      List<String> name,
      List<SqlNode> arguments,
      boolean isBare,
      boolean isStar,
      @Nullable String quantifier,
      boolean variadic,
      List<SqlNode> orderBy,
      boolean isWithinGroup,
      @Nullable SqlNode filter,
      @Nullable String nullTreatment,
      @Nullable WindowNode over,
      SourceSpan nameSpan) {
    super(pos);
    this.name = List.copyOf(name);
    this.arguments = List.copyOf(arguments);
    this.isBare = isBare;
    this.isStar = isStar;
    this.quantifier = quantifier;
    this.variadic = variadic;
    this.orderBy = List.copyOf(orderBy);
    this.isWithinGroup = isWithinGroup;
    this.filter = filter;
    this.nullTreatment = nullTreatment;
    this.over = over;
    this.nameSpan = nameSpan;
  }

  /// The same call with other arguments.
  public FunctionCallNode withArguments(List<SqlNode> others) {
    return new FunctionCallNode(
        getParserPosition(),
        name,
        others,
        isBare,
        isStar,
        quantifier,
        variadic,
        orderBy,
        isWithinGroup,
        filter,
        nullTreatment,
        over,
        nameSpan);
  }

  public List<String> name() {
    return name;
  }

  public List<SqlNode> arguments() {
    return arguments;
  }

  public boolean isBare() {
    return isBare;
  }

  public boolean isStar() {
    return isStar;
  }

  public @Nullable String quantifier() {
    return quantifier;
  }

  public boolean variadic() {
    return variadic;
  }

  public List<SqlNode> orderBy() {
    return orderBy;
  }

  public boolean isWithinGroup() {
    return isWithinGroup;
  }

  public @Nullable SqlNode filter() {
    return filter;
  }

  public @Nullable String nullTreatment() {
    return nullTreatment;
  }

  public @Nullable WindowNode over() {
    return over;
  }

  public SourceSpan nameSpan() {
    return nameSpan;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return allOf(arguments, orderBy, filter, over);
  }
}
