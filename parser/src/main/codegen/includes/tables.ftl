<#-- FROM. A comma binds weaker than JOIN; a function needs no TABLE; windows take tables, queries and DESCRIPTOR. -->

SqlNode FromClause() :
{
    SqlNode e, right;
    SqlParserPos comma;
}
{
    e = JoinedTables()
    (
        <COMMA> { comma = getPos(); }
        right = JoinedTables() { e = Nodes.commaJoin(e, right, comma); }
    )*
    { return e; }
}

SqlNode JoinedTables() :
{
    SqlNode e;
}
{
    e = TableRef()
    e = Joins(e)
    { return e; }
}

/** Joins that follow a table. In `a JOIN b JOIN c ON x ON y` the second join belongs to b: it has its condition before the first has its own. */
SqlNode Joins(SqlNode e) :
{
    SqlNode right, condition, match;
    SqlLiteral natural, type;
    SqlNodeList using;
}
{
    (
        LOOKAHEAD({ Ahead.startsJoin(getToken(1)) })
        { match = null; }
        natural = Natural()
        type = JoinType()
        right = TableRef()
        (
            LOOKAHEAD({ Nodes.takesCondition(natural, type) && Ahead.startsJoin(getToken(1)) })
            right = Joins(right)
        |
            {}
        )
        [ <MATCH_CONDITION> match = OrExpression() ]
        (
            LOOKAHEAD({ Nodes.takesCondition(natural, type) })
            (
                <ON> condition = OrExpression() {
                    e = Nodes.join(Nodes.pos(e, this), e, natural, type, right, condition, match);
                }
            |
                <USING> using = ParenthesizedSimpleIdentifierList() {
                    e = Nodes.join(Nodes.pos(e, this), e, natural, type, right, using, match);
                }
            )
        |
            { e = Nodes.join(Nodes.pos(e, this), e, natural, type, right, null, match); }
        )
    )*
    { return e; }
}

SqlNode TableRef() :
{
    SqlNode e;
    boolean lateral = false;
    final SqlToken start;
    SqlIdentifier alias;
    final List<String> columns = new ArrayList<String>();
    final List<TypeName> types = new ArrayList<TypeName>();
}
{
    { start = (SqlToken) getToken(1); }
    [ <LATERAL> { lateral = true; } ]
    (
        LOOKAHEAD({ Ahead.opensQuery(getToken(1)) })
        e = QueryInParentheses()
    |
        <LPAREN> e = JoinedTables() <RPAREN>
    |
        <TABLE> <LPAREN> e = TableFunction() <RPAREN>
    |
        LOOKAHEAD({ Ahead.isCall(getToken(1)) })
        e = TableFunction()
    |
        [ <ONLY> ]
        e = CompoundTableIdentifier()
        [ <STAR> ]
        (
            LOOKAHEAD(2)
            e = Snapshot(e)
        |
            LOOKAHEAD({ Ahead.isAsOf(getToken(1)) })
            e = AsOf(e)
        |
            {}
        )
    )
    [
        LOOKAHEAD([ [ <AS> ] SimpleIdentifier() [ ParenthesizedSimpleIdentifierList() ] ] <MATCH_RECOGNIZE>)
        [
            [ <AS> ] alias = SimpleIdentifier()
            [ AliasColumns(columns, types) ]
            { e = Nodes.tableAlias(Nodes.pos(e, this), e, alias, columns, types); }
        ]
        e = MatchRecognize(e)
    ]
    {
        if (lateral) {
            e = new LateralNode(Nodes.pos(start, this), e);
        }
    }
    [ e = TableAlias(e) ]
    [ e = Sample(e) ]
    { return e; }
}

SqlNode AsOf(SqlNode table) :
{
    final boolean step;
    final SqlNode point;
}
{
    <AS> <OF>
    ( <STEP> { step = true; } | <IDENTIFIER> { step = false; } )
    point = OtherExpression()
    { return new AsOfNode(Nodes.pos(table, this), table, step, point); }
}

SqlNode TableAlias(SqlNode item) :
{
    SqlIdentifier alias = null;
    final List<String> columns = new ArrayList<String>();
    final List<TypeName> types = new ArrayList<TypeName>();
}
{
    (
        LOOKAHEAD(2)
        <AS> AliasColumns(columns, types)
    |
        [ <AS> ]
        alias = SimpleIdentifier()
        [ LOOKAHEAD(2) AliasColumns(columns, types) ]
    )
    { return Nodes.tableAlias(Nodes.pos(item, this), item, alias, columns, types); }
}

void AliasColumns(List<String> columns, List<TypeName> types) :
{}
{
    <LPAREN>
    AddAliasColumn(columns, types)
    ( <COMMA> AddAliasColumn(columns, types) )*
    <RPAREN>
    {
        if (!types.isEmpty() && types.size() != columns.size()) {
            throw Nodes.syntaxErrorAt(getToken(0));
        }
    }
}

void AddAliasColumn(List<String> columns, List<TypeName> types) :
{
    TypeName type;
}
{
    AddIdentifierSegment(columns, null)
    [ type = TypeName() { types.add(type); } ]
}

SqlNode Sample(SqlNode table) :
{
    final SqlIdentifier method;
    final List<SqlNode> arguments = new ArrayList<SqlNode>();
    SqlNode seed = null;
}
{
    <TABLESAMPLE> method = SimpleIdentifier()
    <LPAREN> AddExpression(arguments, null) ( <COMMA> AddExpression(arguments, null) )* <RPAREN>
    [ <REPEATABLE> <LPAREN> seed = OrExpression() <RPAREN> ]
    { return new SampleNode(Nodes.pos(table, this), table, method.getSimple(), arguments, seed); }
}

SqlNode TableFunction() :
{
    final SqlIdentifier name;
    final CallBuilder call;
    boolean ordinality = false;
}
{
    name = CompoundTableIdentifier() { call = new CallBuilder(name); }
    <LPAREN>
    [
        LOOKAHEAD({ !Ahead.isKind(getToken(1), RPAREN) })
        AddTableArgument(call)
        ( <COMMA> AddTableArgument(call) )*
    ]
    <RPAREN>
    { final FunctionCallNode built = call.build(this); }
    [ LOOKAHEAD(2) <WITH> <ORDINALITY> { ordinality = true; } ]
    { return new TableFunctionNode(Nodes.pos(name, this), built, ordinality); }
}

/** An argument of a function in FROM: `TABLE t`, or an expression, either with PARTITION BY and ORDER BY. */
void AddTableArgument(CallBuilder call) :
{
    SqlNode e;
    boolean table = false;
    final List<SqlNode> partitionBy = new ArrayList<SqlNode>();
    final List<SqlNode> orderBy = new ArrayList<SqlNode>();
}
{
    [ <VARIADIC> { call.variadic = true; } ]
    (
        <TABLE> e = CompoundTableIdentifier() { table = true; }
    |
        e = CallArgument()
    )
    [ <PARTITION> <BY> AddKeys(partitionBy) ]
    [ <ORDER> <BY> AddOrderKeys(orderBy) ]
    { call.arguments.add(Nodes.tableArgument(Nodes.pos(e, this), e, table, partitionBy, orderBy)); }
}

/** One key, or several in parentheses: a comma would start the next argument. */
void AddKeys(List<SqlNode> keys) :
{}
{
    LOOKAHEAD({ Ahead.opensList(getToken(1)) })
    <LPAREN> AddExpression(keys, null) ( <COMMA> AddExpression(keys, null) )* <RPAREN>
|
    AddExpression(keys, null)
}

void AddOrderKeys(List<SqlNode> items) :
{}
{
    LOOKAHEAD({ Ahead.opensList(getToken(1)) })
    <LPAREN> AddOrderItem(items) ( <COMMA> AddOrderItem(items) )* <RPAREN>
|
    AddOrderItem(items)
}
