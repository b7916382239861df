<#-- Queries: SELECT, VALUES, TABLE, set operations, WITH, ORDER BY and LIMIT. -->

SqlNode OrderedQueryOrExpr(ExprContext exprContext) :
{
    SqlNodeList withList = null;
    SqlNode e;
}
{
    [ withList = WithList() ]
    e = QueryBody()
    {
        if (withList != null) {
            e = new SqlWith(withList.getParserPosition().plus(e.getParserPosition()), withList, e);
        }
    }
    e = OrderByLimitOpt(e)
    { return e; }
}

SqlNode QueryInParentheses() :
{
    final SqlNode e;
}
{
    <LPAREN> e = OrderedQueryOrExpr(null) <RPAREN> { return e; }
}

/** Set operations; INTERSECT binds tighter than UNION and EXCEPT. */
SqlNode QueryBody() :
{
    SqlNode e, right;
    SqlBinaryOperator op;
}
{
    e = QueryTerm()
    (
        LOOKAHEAD({ Ahead.isKind(getToken(1), UNION) || Ahead.isKind(getToken(1), EXCEPT) })
        op = BinaryQueryOperator()
        right = QueryTerm() { e = op.createCall(Nodes.pos(e, right), e, right); }
    )*
    { return e; }
}

SqlNode QueryTerm() :
{
    SqlNode e, right;
    SqlBinaryOperator op;
}
{
    e = QueryPrimary()
    (
        LOOKAHEAD({ Ahead.isKind(getToken(1), INTERSECT) })
        op = BinaryQueryOperator()
        right = QueryPrimary() { e = op.createCall(Nodes.pos(e, right), e, right); }
    )*
    { return e; }
}

SqlNode QueryPrimary() :
{
    final SqlNode e;
}
{
    e = Select() { return e; }
|
    e = Values() { return e; }
|
    e = TableQuery() { return e; }
|
    e = QueryInParentheses() { return e; }
}

SqlNode Select() :
{
    final SqlToken start;
    final List<SqlLiteral> keywords = new ArrayList<SqlLiteral>();
    SqlNodeList distinctOn = null;
    final List<SqlNode> items = new ArrayList<SqlNode>();
    SqlNode from = null, where = null, having = null, qualify = null;
    SqlNodeList groupBy = null, windows = null;
}
{
    <SELECT> { start = (SqlToken) getToken(0); }
    [
        <ALL>
    |
        <DISTINCT>
        (
            distinctOn = DistinctOn()
        |
            { keywords.add(SqlSelectKeyword.DISTINCT.symbol(getPos())); }
        )
    ]
    [
        LOOKAHEAD({ !Ahead.endsSelectList(getToken(1)) })
        AddSelectItem(items)
        ( <COMMA> AddSelectItem(items) )*
    ]
    [ <INTO> { throw Nodes.unsupported("SELECT ... INTO is not supported", getToken(0), "Use CREATE TABLE and INSERT INTO ... SELECT."); } ]
    [ <FROM> from = FromClause() ]
    [ where = Where() ]
    [ groupBy = GroupBy() ]
    [ having = Having() ]
    [ windows = WindowClause() ]
    [ qualify = Qualify() ]
    {
        final SqlParserPos pos = Nodes.pos(start, this);
        return new SelectNode(pos, new SqlNodeList(keywords, pos), distinctOn,
            new SqlNodeList(items, pos), from, where, groupBy, having, windows, qualify);
    }
}

SqlNodeList DistinctOn() :
{
    final SqlToken start;
    final List<SqlNode> list = new ArrayList<SqlNode>();
}
{
    <ON> { start = (SqlToken) getToken(0); }
    <LPAREN> AddExpression(list, null) ( <COMMA> AddExpression(list, null) )* <RPAREN>
    { return new SqlNodeList(list, Nodes.pos(start, this)); }
}

void AddSelectItem(List<SqlNode> items) :
{
    SqlNode e;
    final SqlIdentifier alias;
}
{
    <STAR> { items.add(SqlIdentifier.star(getPos())); }
|
    e = OrExpression()
    (
        <AS> alias = ColumnLabel() { items.add(Nodes.alias(e, alias)); }
    |
        LOOKAHEAD({ Ahead.isBareLabel(getToken(1)) })
        alias = anyWord() { items.add(Nodes.alias(e, alias)); }
    |
        { items.add(e); }
    )
}

SqlNode Values() :
{
    final SqlToken start;
    final List<SqlNode> rows = new ArrayList<SqlNode>();
}
{
    <VALUES> { start = (SqlToken) getToken(0); }
    AddValuesRow(rows)
    ( <COMMA> AddValuesRow(rows) )*
    { return SqlStdOperatorTable.VALUES.createCall(Nodes.pos(start, this), rows); }
}

void AddValuesRow(List<SqlNode> rows) :
{
    final SqlToken start;
    final List<SqlNode> items = new ArrayList<SqlNode>();
    SqlNode e;
}
{
    <LPAREN> { start = (SqlToken) getToken(0); }
    e = ExpressionOrDefault() { items.add(e); }
    ( <COMMA> e = ExpressionOrDefault() { items.add(e); } )*
    <RPAREN>
    { rows.add(new RowNode(Nodes.pos(start, this), items, false)); }
}

SqlNode TableQuery() :
{
    final SqlToken start;
    final SqlIdentifier name;
}
{
    <TABLE> { start = (SqlToken) getToken(0); }
    name = CompoundTableIdentifier() { return Nodes.selectAllFrom(Nodes.pos(start, this), name); }
}

/** `GROUP BY ALL` is a list with a star. */
SqlNodeList GroupBy() :
{
    final SqlToken start;
    final List<SqlNode> list;
    boolean distinct = false;
}
{
    <GROUP> { start = (SqlToken) getToken(0); }
    <BY>
    (
        LOOKAHEAD({ Ahead.isKind(getToken(1), ALL) && Ahead.endsGroupBy(getToken(2)) })
        <ALL> { return new SqlNodeList(ImmutableList.of(SqlIdentifier.star(getPos())), Nodes.pos(start, this)); }
    |
        [ <ALL> | <DISTINCT> { throw Nodes.unsupported("GROUP BY DISTINCT is not supported", getToken(0), null); } ]
        list = GroupingElementList() { return new SqlNodeList(list, Nodes.pos(start, this)); }
    )
}

SqlNodeList WindowClause() :
{
    final SqlToken start;
    final List<SqlNode> list = new ArrayList<SqlNode>();
}
{
    <WINDOW> { start = (SqlToken) getToken(0); }
    AddWindowDefinition(list)
    ( <COMMA> AddWindowDefinition(list) )*
    { return new SqlNodeList(list, Nodes.pos(start, this)); }
}

void AddWindowDefinition(List<SqlNode> list) :
{
    final SqlIdentifier name;
    SqlNode window;
}
{
    name = SimpleIdentifier() <AS> window = WindowSpecification(name) { list.add(window); }
}

void AddWithItem(List<SqlWithItem> list, SqlLiteral recursive) :
{
    final SqlIdentifier id;
    SqlNodeList columnList = null;
    final SqlNode definition;
}
{
    id = SimpleIdentifier()
    [ columnList = ParenthesizedSimpleIdentifierList() ]
    <AS>
    [ <NOT> <MATERIALIZED> | <MATERIALIZED> ]
    {
        if (Ahead.startsModification(getToken(2))) {
            throw Nodes.unsupported("data-modifying statements in WITH are not supported", getToken(2), null);
        }
    }
    definition = QueryInParentheses()
    { list.add(new SqlWithItem(id.getParserPosition(), id, columnList, definition, recursive)); }
}

/** ORDER BY, then LIMIT, OFFSET, FETCH and locking clauses in any order. */
SqlNode OrderByLimitOpt(SqlNode e) :
{
    SqlNodeList orderBy = null;
    final SqlNode[] offsetFetch = {null, null};
    final boolean[] seen = {false, false};
}
{
    [ orderBy = OrderBy(true) ]
    (
        LimitClause(offsetFetch, seen)
    |
        OffsetClause(offsetFetch, seen)
    |
        FetchClause(offsetFetch, seen)
    |
        LockingClause()
    )*
    {
        return orderBy == null && offsetFetch[0] == null && offsetFetch[1] == null
            ? e
            : new SqlOrderBy(Nodes.pos(e, this), e, orderBy == null ? SqlNodeList.EMPTY : orderBy,
                offsetFetch[0], offsetFetch[1]);
    }
}

void LimitClause(SqlNode[] offsetFetch, boolean[] seen) :
{
    SqlNode e;
    final Token limit;
}
{
    <LIMIT> { limit = getToken(0); Nodes.once(seen, 1, limit); }
    (
        <ALL>
    |
        e = OrExpression() { offsetFetch[1] = Nodes.unlessNull(e); }
    )
    [ <COMMA> { throw Nodes.limitComma(limit); } ]
}

void OffsetClause(SqlNode[] offsetFetch, boolean[] seen) :
{
    SqlNode e;
}
{
    <OFFSET> { Nodes.once(seen, 0, getToken(0)); }
    e = OrExpression() { offsetFetch[0] = Nodes.unlessNull(e); }
    [ <ROW> | <ROWS> ]
}

void FetchClause(SqlNode[] offsetFetch, boolean[] seen) :
{
    SqlNode e = null;
}
{
    <FETCH> { Nodes.once(seen, 1, getToken(0)); }
    ( <FIRST> | <NEXT> )
    [
        LOOKAHEAD({ !Ahead.isKind(getToken(1), ROW) && !Ahead.isKind(getToken(1), ROWS) })
        e = OtherExpression()
    ]
    { offsetFetch[1] = e == null ? Nodes.one(getPos()) : e; }
    ( <ROW> | <ROWS> )
    (
        <ONLY>
    |
        <WITH> <TIES> { throw Nodes.unsupported("WITH TIES is not supported", getToken(0), null); }
    )
}

/** Accepted and dropped: a read never waits for a writer here. */
void LockingClause() :
{}
{
    <FOR>
    (
        <UPDATE>
    |
        <NO> <KEY> <UPDATE>
    |
        <SHARE>
    |
        <KEY> <SHARE>
    |
        <READ> <ONLY>
    )
    [ <OF> CompoundTableIdentifier() ( <COMMA> CompoundTableIdentifier() )* ]
    [ <NOWAIT> | <SKIP_> <LOCKED> ]
}

void AddOrderItem(List<SqlNode> list) :
{
    final SqlNode e;
    boolean descending = false;
    Boolean nullsFirst = null;
    String using = null;
}
{
    e = OrExpression()
    [
        <ASC>
    |
        <DESC> { descending = true; }
    |
        <USING> ( <LT> | <GT> | <SYMBOLIC_OPERATOR> ) { using = ((SqlToken) getToken(0)).value; descending = using.equals(">"); }
    ]
    [
        <NULLS> ( <FIRST> { nullsFirst = true; } | <LAST> { nullsFirst = false; } )
    ]
    { list.add(new SortItemNode(Nodes.pos(e, this), e, descending, nullsFirst, using)); }
}

List<SqlNode> GroupingElementList() :
{
    final List<SqlNode> list = new ArrayList<SqlNode>();
}
{
    AddGroupingElement(list)
    ( <COMMA> AddGroupingElement(list) )*
    { return list; }
}

void OrderItemList(List<SqlNode> list) :
{}
{
    AddOrderItem(list)
    ( <COMMA> AddOrderItem(list) )*
}

void AddExpressions(List<SqlNode> list, ExprContext exprContext) :
{}
{
    AddExpression(list, exprContext)
    ( <COMMA> AddExpression(list, exprContext) )*
}
