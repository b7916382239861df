<#-- Function calls: one production for all, and PostgreSQL's special forms rewritten to the functions they stand for. -->

SqlNode FunctionCall() :
{
    final SqlIdentifier name;
    final CallBuilder call;
}
{
    name = CompoundTableIdentifier() { call = new CallBuilder(name); }
    CallArguments(call)
    CallSuffixes(call)
    { return call.build(this); }
}

void CallArguments(CallBuilder call) :
{}
{
    <LPAREN>
    (
        LOOKAHEAD(2)
        <STAR> { call.star = true; }
    |
        LOOKAHEAD({ !Ahead.isKind(getToken(1), RPAREN) })
        [
            <ALL> { call.quantifier = "ALL"; }
        |
            <DISTINCT> { call.quantifier = "DISTINCT"; }
        ]
        AddCallArgument(call)
        ( <COMMA> AddCallArgument(call) )*
        [ CallOrder(call) ]
    |
        {}
    )
    <RPAREN>
}

void CallOrder(CallBuilder call) :
{}
{
    <ORDER> <BY> AddOrderItem(call.orderBy)
    ( <COMMA> AddOrderItem(call.orderBy) )*
}

void AddCallArgument(CallBuilder call) :
{
    SqlNode e;
}
{
    [ <VARIADIC> { call.variadic = true; } ]
    e = CallArgument() { call.arguments.add(e); }
}

SqlNode CallArgument() :
{
    final SqlIdentifier name;
    SqlNode e;
}
{
    LOOKAHEAD({ Ahead.isKind(getToken(2), NAMED_ARGUMENT_ASSIGNMENT) })
    name = ColumnLabel() <NAMED_ARGUMENT_ASSIGNMENT>
    ( e = Descriptor() | e = OrExpression() )
    { return new ArgumentNode(Nodes.pos(name, e), name.getSimple(), e); }
|
    <DEFAULT_> { return new DefaultNode(getPos()); }
|
    e = Descriptor() { return e; }
|
    e = OrExpression() { return e; }
}

SqlNode Descriptor() :
{
    final SqlToken start;
    final List<SqlNode> columns = new ArrayList<SqlNode>();
    SqlNode column;
}
{
    <DESCRIPTOR> { start = (SqlToken) getToken(0); }
    <LPAREN>
    column = CompoundTableIdentifier() { columns.add(column); }
    ( <COMMA> column = CompoundTableIdentifier() { columns.add(column); } )*
    <RPAREN>
    { return new DescriptorNode(Nodes.pos(start, this), columns); }
}

void CallSuffixes(CallBuilder call) :
{
    SqlNode e;
    SqlIdentifier window;
}
{
    [
        <WITHIN> <GROUP> <LPAREN> { call.withinGroup = true; }
        CallOrder(call)
        <RPAREN>
    ]
    [ <FILTER> <LPAREN> <WHERE> e = OrExpression() { call.filter = e; } <RPAREN> ]
    [
        <RESPECT> <NULLS> { call.nullTreatment = "RESPECT NULLS"; }
    |
        <IGNORE> <NULLS> { call.nullTreatment = "IGNORE NULLS"; }
    ]
    [
        <OVER>
        (
            e = WindowSpecification(null) { call.over = (WindowNode) e; }
        |
            window = SimpleIdentifier() { call.over = Nodes.namedWindow(window); }
        )
    ]
}

SqlNode WindowSpecification(SqlIdentifier declared) :
{
    final SqlToken start;
    SqlIdentifier existing = null;
    final List<SqlNode> partitionBy = new ArrayList<SqlNode>();
    final List<SqlNode> orderBy = new ArrayList<SqlNode>();
    FrameNode frame = null;
    final MatchBuilder match = new MatchBuilder();
}
{
    <LPAREN> { start = (SqlToken) getToken(0); }
    [
        LOOKAHEAD({ Ahead.isWindowName(getToken(1)) })
        existing = SimpleIdentifier()
    ]
    [ <PARTITION> <BY> AddExpression(partitionBy, null) ( <COMMA> AddExpression(partitionBy, null) )* ]
    [ <ORDER> <BY> AddOrderItem(orderBy) ( <COMMA> AddOrderItem(orderBy) )* ]
    [ <MEASURES> { match.part(getToken(0)); } AddMeasure(match) ( <COMMA> AddMeasure(match) )* ]
    [ frame = Frame() ]
    WindowPattern(match)
    { final WindowPattern pattern = match.buildInWindow(); }
    <RPAREN>
    { return Nodes.window(Nodes.pos(start, this), declared, existing, partitionBy, orderBy, frame, pattern); }
}

FrameNode Frame() :
{
    final SqlToken start;
    final FrameNode.Unit unit;
    final SqlNode[] offsets = new SqlNode[2];
    final FrameNode.Bound lower;
    FrameNode.Bound upper = FrameNode.Bound.CURRENT_ROW;
    String exclusion = null;
}
{
    (
        <ROWS> { unit = FrameNode.Unit.ROWS; }
    |
        <RANGE> { unit = FrameNode.Unit.RANGE; }
    |
        <GROUPS> { unit = FrameNode.Unit.GROUPS; }
    )
    { start = (SqlToken) getToken(0); }
    (
        <BETWEEN> lower = FrameBound(offsets, 0) <AND> upper = FrameBound(offsets, 1)
    |
        lower = FrameBound(offsets, 0)
    )
    [
        <EXCLUDE>
        (
            <CURRENT> <ROW> { exclusion = "CURRENT ROW"; }
        |
            <GROUP> { exclusion = "GROUP"; }
        |
            <TIES> { exclusion = "TIES"; }
        |
            <NO> <OTHERS>
        )
    ]
    {
        return new FrameNode(
            Nodes.pos(start, this), unit, lower, offsets[0], upper, offsets[1], exclusion);
    }
}

FrameNode.Bound FrameBound(SqlNode[] offsets, int index) :
{
    final SqlNode e;
}
{
    LOOKAHEAD(2)
    <UNBOUNDED>
    (
        <PRECEDING> { return FrameNode.Bound.UNBOUNDED_PRECEDING; }
    |
        <FOLLOWING> { return FrameNode.Bound.UNBOUNDED_FOLLOWING; }
    )
|
    LOOKAHEAD(2)
    <CURRENT> <ROW> { return FrameNode.Bound.CURRENT_ROW; }
|
    e = OtherExpression() { offsets[index] = e; }
    (
        <PRECEDING> { return FrameNode.Bound.PRECEDING; }
    |
        <FOLLOWING> { return FrameNode.Bound.FOLLOWING; }
    )
}

/** The calls with a syntax of their own. The lexer makes their names keywords only where they are called. */
SqlNode SpecialCall() :
{
    final SqlToken start;
    SqlNode e, second = null, third = null;
    String name = "btrim";
    final List<SqlNode> arguments = new ArrayList<SqlNode>();
}
{
    <BARE_FUNCTION> { start = (SqlToken) getToken(0); }
    [
        LOOKAHEAD(2)
        <LPAREN> <UNSIGNED_INTEGER_LITERAL> { arguments.add(Nodes.number(getToken(0), getPos())); } <RPAREN>
    ]
    { return Nodes.bareCall(start, Nodes.pos(start, this), arguments); }
|
    <EXTRACT> { start = (SqlToken) getToken(0); }
    <LPAREN>
    ( <QUOTED_STRING> { e = Nodes.string(getToken(0), getPos()); } | e = ExtractField() )
    <FROM> second = OrExpression() <RPAREN>
    { return Nodes.call("extract", start, Nodes.pos(start, this), e, second); }
|
    <POSITION> { start = (SqlToken) getToken(0); }
    <LPAREN> e = OtherExpression() <IN> second = OtherExpression() <RPAREN>
    { return Nodes.call("position", start, Nodes.pos(start, this), second, e); }
|
    <OVERLAY> { start = (SqlToken) getToken(0); }
    <LPAREN> AddExpression(arguments, null)
    (
        <PLACING> AddExpression(arguments, null) <FROM> AddExpression(arguments, null) [ <FOR> AddExpression(arguments, null) ]
    |
        ( <COMMA> AddExpression(arguments, null) )+
    )
    <RPAREN>
    { return Nodes.call("overlay", start, Nodes.pos(start, this), arguments); }
|
    <SUBSTRING> { start = (SqlToken) getToken(0); }
    <LPAREN> AddExpression(arguments, null)
    (
        <FROM> second = OrExpression() [ <FOR> third = OrExpression() ]
    |
        <FOR> third = OrExpression() [ <FROM> second = OrExpression() ]
    |
        <SIMILAR> e = OrExpression() { arguments.add(e); } <ESCAPE> e = OrExpression() { arguments.add(e); }
    |
        ( <COMMA> AddExpression(arguments, null) )*
    )
    <RPAREN>
    { return Nodes.substring(start, Nodes.pos(start, this), arguments, second, third); }
|
    <TRIM> { start = (SqlToken) getToken(0); }
    <LPAREN>
    [
        <BOTH>
    |
        <LEADING> { name = "ltrim"; }
    |
        <TRAILING> { name = "rtrim"; }
    ]
    (
        <FROM> AddExpression(arguments, null) ( <COMMA> AddExpression(arguments, null) )*
    |
        AddExpression(arguments, null)
        (
            <FROM> e = OrExpression() { arguments.add(0, e); }
        |
            ( <COMMA> AddExpression(arguments, null) )*
        )
    )
    <RPAREN>
    { return Nodes.call(name, start, Nodes.pos(start, this), arguments); }
|
    <COLLATION> { start = (SqlToken) getToken(0); }
    <FOR> <LPAREN> e = OrExpression() <RPAREN>
    { return Nodes.call("pg_collation_for", start, Nodes.pos(start, this), e); }
|
    ( <RUNNING> | <FINAL> ) { start = (SqlToken) getToken(0); }
    e = FunctionCall() { return Nodes.call(start.value, start, Nodes.pos(start, e), e); }
}

SqlNode ExtractField() :
{
    final SqlIdentifier field;
}
{
    field = SimpleIdentifier() { return SqlLiteral.createCharString(field.getSimple(), field.getParserPosition()); }
}
