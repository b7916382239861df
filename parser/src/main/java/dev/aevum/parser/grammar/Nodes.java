package dev.aevum.parser.grammar;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.parser.lexer.SyntaxErrors;
import dev.aevum.parser.statement.Assignment;
import dev.aevum.parser.statement.CopyStatement.CopyOption;
import dev.aevum.parser.statement.Name;
import dev.aevum.parser.statement.ObjectName;
import dev.aevum.parser.statement.Option;
import dev.aevum.parser.statement.OptionValue;
import dev.aevum.parser.statement.Options;
import dev.aevum.parser.statement.SetStatement;
import dev.aevum.parser.tree.AliasNode;
import dev.aevum.parser.tree.FrameNode;
import dev.aevum.parser.tree.FunctionCallNode;
import dev.aevum.parser.tree.LikeNode;
import dev.aevum.parser.tree.LogicalNode;
import dev.aevum.parser.tree.OperatorNode;
import dev.aevum.parser.tree.RowNode;
import dev.aevum.parser.tree.SelectNode;
import dev.aevum.parser.tree.Spans;
import dev.aevum.parser.tree.SubqueryNode;
import dev.aevum.parser.tree.TableArgumentNode;
import dev.aevum.parser.tree.TypeName;
import dev.aevum.parser.tree.TypedLiteralNode;
import dev.aevum.parser.tree.WindowNode;
import dev.aevum.parser.tree.WindowPattern;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.Span;
import org.apache.calcite.sql.parser.SqlAbstractParserImpl;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/// Makes nodes for the grammar's actions, and the errors that the grammar finds itself.
final class Nodes {
  private static final int MAX_EXPONENT = 131072;

  private Nodes() {}

  // Positions.

  static SqlParserPos pos(SqlNode first, SqlNode last) {
    return first.getParserPosition().plus(last.getParserPosition());
  }

  static SqlParserPos pos(SqlNode first, SqlAbstractParserImpl parser) {
    return Span.of(first).end(parser);
  }

  static SqlParserPos pos(SqlToken first, SqlAbstractParserImpl parser) {
    return Span.of(pos(first)).end(parser);
  }

  static SqlParserPos pos(SqlToken first, SqlNode last) {
    return pos(first).plus(last.getParserPosition());
  }

  private static SqlParserPos pos(SqlToken token) {
    return new SqlParserPos(1, token.beginColumn, 1, token.endColumn);
  }

  static SourceSpan span(Token token) {
    return new SourceSpan(token.beginColumn, token.endColumn + 1);
  }

  static SourceSpan span(Token first, Token last) {
    return new SourceSpan(first.beginColumn, last.endColumn + 1);
  }

  // Errors.

  static SqlException syntaxErrorAt(Token token) {
    SqlToken at = (SqlToken) token;
    if (at.lexicalError() != null) {
      return at.lexicalError();
    }
    return at.image.isEmpty()
        ? SyntaxErrors.atEnd(span(at))
        : SyntaxErrors.near(at.image, span(at), null);
  }

  static SqlException unsupported(String message, Token at, @Nullable String hint) {
    return SyntaxErrors.unsupported(message, span(at), hint);
  }

  static SqlException limitComma(Token at) {
    return SyntaxErrors.invalid(
        "LIMIT #,# syntax is not supported", span(at), "Use separate LIMIT and OFFSET clauses.");
  }

  /// LIMIT or OFFSET given twice.
  static void once(boolean[] seen, int index, Token at) {
    if (seen[index]) {
      String clause = index == 0 ? "OFFSET" : "LIMIT";
      throw SyntaxErrors.invalid("multiple " + clause + " clauses not allowed", span(at), null);
    }
    seen[index] = true;
  }

  // Names and types.

  static Name name(SqlIdentifier id) {
    return new Name(id.getSimple(), Spans.of(id));
  }

  static ObjectName objectName(SqlIdentifier id) {
    if (id.names.size() > 3) {
      throw SyntaxErrors.invalid(
          "improper qualified name (too many dotted names): " + String.join(".", id.names),
          Spans.of(id),
          null);
    }
    return new ObjectName(id.names, Spans.of(id));
  }

  static TypeName typeName(
      List<String> words,
      SqlToken first,
      List<Integer> modifiers,
      int dimensions,
      @Nullable String fields,
      @Nullable Boolean timeZone,
      boolean setOf,
      SqlParserPos pos) {
    List<String> names = words;
    List<Integer> actual = modifiers;
    if (words.size() == 1 && !first.quoted) {
      String name = TypeWords.resolve(words.getFirst(), modifiers, timeZone, Spans.of(pos));
      names = List.of(name);
      if (words.getFirst().equals("float")) {
        actual = List.of();
      } else if ((name.equals("bpchar") || name.equals("bit"))
          && modifiers.isEmpty()
          && !words.getFirst().equals("bpchar")) {
        actual = List.of(1);
      }
    }
    return new TypeName(names, actual, dimensions, fields, setOf, Spans.of(pos));
  }

  // Literals.

  static SqlNode number(Token token, SqlParserPos pos) {
    // With an exponent it is a numeric, never an integer: `isInteger()` tells by the scale, which
    // these literals do not have.
    return token.kind == GrammarConstants.APPROX_NUMERIC_LITERAL
        ? SqlLiteral.createApproxNumeric(plainDecimal(token), pos)
        : SqlLiteral.createExactNumeric(token.image, pos);
  }

  private static String plainDecimal(Token token) {
    BigDecimal value = new BigDecimal(token.image);
    if (Math.abs((long) value.scale()) > MAX_EXPONENT
        || value.precision() - (long) value.scale() > MAX_EXPONENT) {
      throw new SqlException(
          dev.aevum.model.error.ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE,
          "value overflows numeric format",
          null,
          null,
          span(token),
          null);
    }
    return value.toPlainString();
  }

  static SqlNode one(SqlParserPos pos) {
    return SqlLiteral.createExactNumeric("1", pos);
  }

  static int integer(Token token) {
    try {
      return Integer.parseInt(token.image);
    } catch (NumberFormatException e) {
      throw syntaxErrorAt(token);
    }
  }

  static int parameter(Token token) {
    String digits = ((SqlToken) token).value;
    int number;
    try {
      number = Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      number = 0;
    }
    if (number < 1 || number > 65535) {
      throw new SqlException(
          dev.aevum.model.error.ErrorCode.UNDEFINED_PARAMETER,
          "there is no parameter $" + digits,
          null,
          null,
          span(token),
          null);
    }
    return number;
  }

  static SqlNode string(Token token, SqlParserPos pos) {
    return SqlLiteral.createCharString(((SqlToken) token).value, pos);
  }

  static SqlNode bits(Token token, SqlParserPos pos) {
    String digits = ((SqlToken) token).value;
    TypeName type = new TypeName(List.of("bit"), List.of(), 0, null, false, span(token));
    return new TypedLiteralNode(pos, type, digits);
  }

  // Expressions.

  static SqlNode logical(boolean isAnd, List<SqlNode> operands) {
    return operands.size() == 1
        ? operands.getFirst()
        : new LogicalNode(pos(operands.getFirst(), operands.getLast()), isAnd, operands);
  }

  static SqlNode binary(
      SqlNode left,
      @Nullable String schema,
      String operator,
      SourceSpan operatorSpan,
      SqlNode right) {
    return new OperatorNode(pos(left, right), schema, operator, left, right, operatorSpan);
  }

  static SqlNode prefix(SqlToken operator, SqlNode operand) {
    return new OperatorNode(
        pos(operator, operand), null, operator.value, null, operand, span(operator));
  }

  static String likeOperator(LikeNode.Kind kind, boolean negated) {
    return (negated ? "!" : "") + (kind == LikeNode.Kind.ILIKE ? "~~*" : "~~");
  }

  static @Nullable SqlNode unlessNull(SqlNode node) {
    return node instanceof SqlLiteral literal && literal.getValue() == null ? null : node;
  }

  // Calls.

  static FunctionCallNode call(String name, SqlToken at, SqlParserPos pos, SqlNode... arguments) {
    return call(name, at, pos, List.of(arguments));
  }

  static FunctionCallNode call(
      String name, SqlToken at, SqlParserPos pos, List<SqlNode> arguments) {
    return simpleCall(name, at, pos, arguments, false);
  }

  static FunctionCallNode bareCall(SqlToken at, SqlParserPos pos, List<SqlNode> arguments) {
    return simpleCall(at.value, at, pos, arguments, true);
  }

  private static FunctionCallNode simpleCall(
      String name, SqlToken at, SqlParserPos pos, List<SqlNode> arguments, boolean isBare) {
    return new FunctionCallNode(
        pos,
        List.of(name),
        arguments,
        isBare,
        false,
        null,
        false,
        List.of(),
        false,
        null,
        null,
        null,
        span(at));
  }

  /// `substring(x FOR n)` counts from 1.
  static SqlNode substring(
      SqlToken at,
      SqlParserPos pos,
      List<SqlNode> arguments,
      @Nullable SqlNode from,
      @Nullable SqlNode count) {
    List<SqlNode> all = new ArrayList<>(arguments);
    if (from != null) {
      all.add(from);
    } else if (count != null) {
      all.add(one(count.getParserPosition()));
    }
    if (count != null) {
      all.add(count);
    }
    return call("substring", at, pos, all);
  }

  /// `(a, b) OVERLAPS (c, d)` is PostgreSQL's function of four arguments.
  static SqlNode overlaps(SqlNode left, SqlNode right, SqlToken at) {
    if (!(left instanceof RowNode)) {
      throw syntaxErrorAt(at);
    }
    List<SqlNode> arguments = new ArrayList<>(period(left, "left"));
    arguments.addAll(period(right, "right"));
    return call("overlaps", at, pos(left, right), arguments);
  }

  private static List<SqlNode> period(SqlNode side, String which) {
    if (side instanceof RowNode row && row.items().size() == 2) {
      return row.items();
    }
    throw SyntaxErrors.invalid(
        "wrong number of parameters on " + which + " side of OVERLAPS expression",
        Spans.of(side),
        null);
  }

  static WindowNode namedWindow(SqlIdentifier name) {
    return new WindowNode(
        name.getParserPosition(), null, name.getSimple(), List.of(), List.of(), null, null);
  }

  static WindowNode window(
      SqlParserPos pos,
      @Nullable SqlIdentifier declared,
      @Nullable SqlIdentifier existing,
      List<SqlNode> partitionBy,
      List<SqlNode> orderBy,
      @Nullable FrameNode frame,
      @Nullable WindowPattern pattern) {
    return new WindowNode(
        pos,
        declared == null ? null : declared.getSimple(),
        existing == null ? null : existing.getSimple(),
        partitionBy,
        orderBy,
        frame,
        pattern);
  }

  // Queries and tables.

  static SqlNode alias(SqlNode item, SqlIdentifier alias) {
    return new AliasNode(
        pos(item, alias), item, alias.getSimple(), List.of(), List.of(), Spans.of(alias));
  }

  static SqlNode tableAlias(
      SqlParserPos pos,
      SqlNode item,
      @Nullable SqlIdentifier alias,
      List<String> columns,
      List<TypeName> types) {
    return new AliasNode(
        pos,
        item,
        alias == null ? "" : alias.getSimple(),
        columns,
        types,
        alias == null ? Spans.of(pos) : Spans.of(alias));
  }

  static SqlNode selectAllFrom(SqlParserPos pos, SqlIdentifier table) {
    SqlNodeList star = new SqlNodeList(List.of(SqlIdentifier.star(pos)), pos);
    return new SelectNode(
        pos, new SqlNodeList(pos), null, star, table, null, null, null, null, null);
  }

  static boolean takesCondition(SqlLiteral natural, SqlLiteral type) {
    return !natural.booleanValue() && type.getValueAs(JoinType.class) != JoinType.CROSS;
  }

  static SqlNode commaJoin(SqlNode left, SqlNode right, SqlParserPos comma) {
    return new SqlJoin(
        pos(left, right),
        left,
        SqlLiteral.createBoolean(false, comma),
        JoinType.COMMA.symbol(comma),
        right,
        JoinConditionType.NONE.symbol(comma),
        null);
  }

  static SqlNode join(
      SqlParserPos pos,
      SqlNode left,
      SqlLiteral natural,
      SqlLiteral type,
      SqlNode right,
      @Nullable SqlNode condition,
      @Nullable SqlNode match) {
    SqlParserPos at = type.getParserPosition();
    JoinConditionType conditionType =
        condition == null
            ? JoinConditionType.NONE
            : condition instanceof SqlNodeList ? JoinConditionType.USING : JoinConditionType.ON;
    JoinType joinType = type.getValueAs(JoinType.class);
    boolean isAsof = joinType == JoinType.ASOF || joinType == JoinType.LEFT_ASOF;
    if (isAsof != (match != null)) {
      throw SyntaxErrors.invalid(
          isAsof ? "ASOF JOIN needs a MATCH_CONDITION" : "MATCH_CONDITION needs an ASOF JOIN",
          Spans.of(match == null ? at : match.getParserPosition()),
          null);
    }
    if (match != null) {
      return new SqlAsofJoin(
          pos, left, natural, type, right, conditionType.symbol(at), condition, match);
    }
    return new SqlJoin(pos, left, natural, type, right, conditionType.symbol(at), condition);
  }

  static SqlNode tableArgument(
      SqlParserPos pos,
      SqlNode argument,
      boolean isTable,
      List<SqlNode> partitionBy,
      List<SqlNode> orderBy) {
    boolean isQuery = argument instanceof SubqueryNode;
    if (!isTable && !isQuery && partitionBy.isEmpty() && orderBy.isEmpty()) {
      return argument;
    }
    SqlNode data = argument instanceof SubqueryNode subquery ? subquery.query() : argument;
    if (!isQuery && !(data instanceof SqlIdentifier)) {
      throw SyntaxErrors.invalid(
          "PARTITION BY and ORDER BY of an argument need a table or a query",
          Spans.of(argument),
          null);
    }
    return new TableArgumentNode(pos, data, partitionBy, orderBy);
  }

  // Options and settings.

  static OptionValue trueOption(Token at) {
    return new OptionValue(OptionValue.Kind.WORD, "true", span(at));
  }

  static Option flag(String name, Token at) {
    return new Option(name, span(at), trueOption(at));
  }

  static Options options(List<Option> list) {
    Set<String> names = new HashSet<>();
    for (Option option : list) {
      if (!names.add(option.name())) {
        throw SyntaxErrors.invalid(
            "conflicting or redundant options",
            option.nameSpan(),
            "The option \"" + option.name() + "\" is given twice.");
      }
    }
    return new Options(list);
  }

  static Options merge(Options first, Options second) {
    List<Option> all = new ArrayList<>(first.entries());
    all.addAll(second.entries());
    return options(all);
  }

  static SetStatement.Value settingValue(Token token) {
    SqlToken value = (SqlToken) token;
    boolean quoted = value.quoted || value.kind == GrammarConstants.QUOTED_STRING;
    return new SetStatement.Value(value.value, quoted, span(token));
  }

  static CopyOption copyOption(String name, String value, Token at) {
    return new CopyOption(name, List.of(value), span(at));
  }

  /// One of COPY's options without parentheses; a word alone is a format or a flag.
  static String oldCopyOption(String name, List<String> values, SqlToken at) {
    if (name.equals("csv") && values.isEmpty()) {
      values.add("csv");
      return "format";
    }
    boolean isFlag = name.equals("header") || name.equals("freeze");
    boolean takesText =
        name.equals("delimiter")
            || name.equals("delimiters")
            || name.equals("quote")
            || name.equals("escape")
            || name.equals("encoding");
    if (isFlag && values.isEmpty()) {
      values.add("true");
      return name;
    }
    if (!takesText || values.isEmpty()) {
      throw syntaxErrorAt(at);
    }
    return name.equals("delimiters") ? "delimiter" : name;
  }

  static void assign(List<Assignment> list, List<Name> columns, List<SqlNode> values, SqlToken at) {
    if (columns.size() != values.size()) {
      throw SyntaxErrors.invalid(
          "number of columns does not match number of values", span(at), null);
    }
    for (int i = 0; i < columns.size(); i++) {
      list.add(new Assignment(columns.get(i), values.get(i)));
    }
  }
}
