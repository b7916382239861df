/// The trees that [dev.aevum.parser.SqlParser] gives: which node stands for which SQL. The binder
/// works from this page.
///
/// An expression is a `SqlIdentifier`, a `SqlLiteral` or a [TreeNode] (sealed; switch over it
/// without `default`). Queries and FROM items are Calcite's classes where it has them, and
/// TreeNodes else. Nothing is validated or resolved; nothing was ever passed to Calcite's
/// validator.
///
/// **Positions.** Every node has an exact `SqlParserPos`; [Spans] turns it into 1-based character
/// offsets of the whole script. Parentheses around an expression are not part of its span. Names
/// were folded as PostgreSQL folds: unquoted to lower case, quoted as they are.
///
/// ## Names and literals
///
/// | SQL | node |
/// |---|---|
/// | `a`, `t.a`, `s.t.a` | `SqlIdentifier` with `names`, each part with its own position (`getComponentParserPosition(i)`) |
/// | `*`, `t.*` | `SqlIdentifier`, `isStar()`; the star is the empty last name |
/// | `42`, `1.50`, `1e3` | `SqlNumericLiteral`, exact: `bigDecimalValue()`, `isInteger()` true for digits only (an integer beyond int8 is numeric in PostgreSQL) |
/// | `'text'`, `E'..'`, `$$..$$`, `U&'..'` | `SqlCharStringLiteral`: `getValueAs(String.class)` is the cooked text. Its type is PostgreSQL's `unknown` |
/// | `TRUE`, `FALSE`, `NULL` | `SqlLiteral` with `booleanValue()`; `SqlLiteral.getValue() == null` (type name NULL) |
/// | `date '...'`, `timestamptz '...'`, `regclass '...'` | [TypedLiteralNode] |
/// | `interval '5 minutes'`, `INTERVAL '10' SECOND` | [IntervalLiteralNode] |
/// | `B'101'`, `X'1f'` | [TypedLiteralNode] of type `bit` |
/// | `$1` | [ParameterNode] |
/// | `-5` | [OperatorNode] `-` without `left`, over the literal 5; `-2::int2` is `-(2::int2)` as in PostgreSQL |
///
/// ## Expressions
///
/// | SQL | node |
/// |---|---|
/// | `a + b`, `a = b`, `a \|\| b`, `a ~ b`, `-a`, `a OPERATOR(s.~) b` | [OperatorNode]: every symbolic operator, by name |
/// | AND, OR / NOT | [LogicalNode] (flattened) / [NotNode] |
/// | `x IS [NOT] NULL/TRUE/FALSE/UNKNOWN`, ISNULL, NOTNULL | [IsNode] |
/// | `IS [NOT] DISTINCT FROM` | [DistinctFromNode] |
/// | `[NOT] IN`, `[NOT] BETWEEN`, `[NOT] LIKE/ILIKE/SIMILAR TO` | [InNode], [BetweenNode], [LikeNode] |
/// | `x = ANY (...)`, `<> ALL (...)` | [QuantifiedNode] |
/// | `x::t`, `CAST(x AS t)` | [CastNode] with a [TypeName] (a plain record, not a node) |
/// | `f(...)`, aggregates, window calls, special forms, `CURRENT_DATE` | [FunctionCallNode]; windows are [WindowNode] and [FrameNode] |
/// | `name => value` in a call | [ArgumentNode] |
/// | `x AT TIME ZONE z` | [FunctionCallNode] `timezone(z, x)` |
/// | CASE | [CaseNode] |
/// | `ARRAY[...]`, `ARRAY(query)`, `a[1]`, `a[1:2]` | [ArrayNode], [ArraySubqueryNode], [SubscriptNode] |
/// | `(x).f`, `(f(x)).n`, `(x).*` | [FieldAccessNode] |
/// | `x COLLATE "C"` | [CollateNode] |
/// | `(a, b)`, `ROW(a)` | [RowNode] |
/// | `(SELECT ...)` as a value, `EXISTS (...)` | [SubqueryNode], [ExistsNode] |
/// | DEFAULT as a value | [DefaultNode] |
///
/// Precedence is PostgreSQL's (manual, 4.1.6), highest first: `.`; `::`; `[ ]`; unary `+ -`;
/// COLLATE; AT TIME ZONE; `^`; `* / %`; `+ -`; any other operator; BETWEEN IN LIKE ILIKE SIMILAR;
/// `< > = <= >= <>`; IS ISNULL NOTNULL; NOT; AND; OR. Comparisons do not chain.
///
/// ## Queries (`TreeNode.isQuery`)
///
/// | SQL | node |
/// |---|---|
/// | SELECT | [SelectNode] (a `SqlSelect`): `getSelectList()` of expressions, stars and [AliasNode]s (may be empty), `getFrom()` (null without FROM), `getWhere()`, `getGroup()`, `getHaving()`, `getWindowList()` of [WindowNode]s with `declared`, `getQualify()`, `isDistinct()`, `distinctOn()` |
/// | ORDER BY, LIMIT, OFFSET, FETCH FIRST | `SqlOrderBy(query, orderList, offset, fetch)` around the query, around WITH too; items are [SortItemNode]s; `LIMIT ALL` and `LIMIT NULL` have no fetch. Offset and fetch are expressions. Absent parts: `orderList` empty, `offset`/`fetch` null |
/// | `WITH [RECURSIVE] x (a, b) AS [NOT MATERIALIZED] (...) query` | `SqlWith(withList of SqlWithItem, body)`; `SqlWithItem`: `name`, `columnList` (null or names), `query`, `recursive` literal |
/// | UNION, INTERSECT, EXCEPT [ALL] | `SqlBasicCall` of `SqlStdOperatorTable.UNION`, `UNION_ALL`, `INTERSECT`, ... with two operands; INTERSECT binds tighter. A parenthesised branch with ORDER BY is a `SqlOrderBy` operand |
/// | VALUES | `SqlBasicCall` of kind VALUES, operands [RowNode]s |
/// | `TABLE t` | a [SelectNode] of `*` from `t` |
/// | GROUP BY | `getGroup()`: null without the clause; `GROUP BY ALL` is a list with the single `SqlIdentifier` star; a position is an integer literal; ROLLUP, CUBE, GROUPING SETS are `SqlBasicCall`s of Calcite's operators (a grouping set of several columns is a [RowNode], `()` an empty `SqlNodeList`) |
/// | FOR UPDATE / SHARE ... | accepted and dropped: nothing is locked |
///
/// ## FROM
///
/// | SQL | node |
/// |---|---|
/// | `t`, `s.t` | `SqlIdentifier` (`ONLY t`, `t *` mean the same) |
/// | `item AS x (a, b)` | [AliasNode] |
/// | `(query)` | the query itself, usually below an [AliasNode] |
/// | `a, b` | `SqlJoin` of type COMMA; it binds weaker than JOIN as in PostgreSQL: `a, b JOIN c` is `a, (b JOIN c)` |
/// | `a [LEFT ...] JOIN b ON/USING`, NATURAL, CROSS | `SqlJoin`: `getJoinType()`, `isNatural()`, `getConditionType()`, `getCondition()` (an expression; for USING a `SqlNodeList` of names). `USING (...) AS x` is refused |
/// | `a ASOF JOIN b MATCH_CONDITION (c) ON d` | `SqlAsofJoin` with `getMatchCondition()` |
/// | `f(x)`, `TUMBLE(bids, DESCRIPTOR(ts), ...)`, WITH ORDINALITY | [TableFunctionNode]; see there for table arguments; `unnest` and `generate_series` are plain calls. `TABLE(f(x))` is the same as `f(x)` |
/// | LATERAL | [LateralNode] |
/// | `t FOR SYSTEM_TIME AS OF e` | `SqlSnapshot(table, period)` |
/// | `t AS OF STEP n` | [AsOfNode] |
/// | `t MATCH_RECOGNIZE (...)` | [MatchRecognizeNode]: the input (with an [AliasNode] for `t AS x MATCH_RECOGNIZE`), PARTITION BY, ORDER BY and a [MatchClause]; the pattern is a [RowPattern] |
/// | TABLESAMPLE | [SampleNode] |
///
/// Refused with 0A000: SELECT INTO, CREATE TABLE AS, data-modifying WITH, GROUP BY DISTINCT, WITH
/// TIES, several columns assigned from a query. Not in the grammar (42601): `ROWS FROM (...)`,
/// `JOIN ... USING (...) AS x`, SEARCH and CYCLE of WITH, `IS JSON`, `IS NORMALIZED`, XML and JSON
/// constructor syntax, `AT LOCAL`. `between`, `exists` and `values` are no names, in PostgreSQL
/// they may name columns. QUALIFY is reserved.
///
/// [TreePrinter] prints any tree as an S-expression, as the golden tests show them.
@NullMarked
package dev.aevum.parser.tree;

import org.jspecify.annotations.NullMarked;
