<#-- Expressions: one production for each level of PostgreSQL's precedence, lowest first. The argument of Expression is for the
     template's productions and means nothing here: what opens a query was decided by the lexer (SqlToken.opensQuery). -->

SqlNode Expression(ExprContext exprContext) :
{
    final SqlNode e;
}
{
    e = OrExpression() { return e; }
}

SqlNode OrExpression() :
{
    SqlNode e;
    final List<SqlNode> operands = new ArrayList<SqlNode>();
}
{
    e = AndExpression() { operands.add(e); }
    (
        <OR> e = AndExpression() { operands.add(e); }
    )*
    { return Nodes.logical(false, operands); }
}

SqlNode AndExpression() :
{
    SqlNode e;
    final List<SqlNode> operands = new ArrayList<SqlNode>();
}
{
    e = NotExpression() { operands.add(e); }
    (
        <AND> e = NotExpression() { operands.add(e); }
    )*
    { return Nodes.logical(true, operands); }
}

SqlNode NotExpression() :
{
    SqlNode e;
    final List<SqlParserPos> nots = new ArrayList<SqlParserPos>();
}
{
    (
        <NOT> { nots.add(getPos()); }
    )*
    e = IsExpression() {
        for (int i = nots.size() - 1; i >= 0; i--) {
            e = new NotNode(nots.get(i).plus(e.getParserPosition()), e);
        }
        return e;
    }
}

/** Tests after an expression. What was tested may be compared again: `x IS NULL = true`. */
SqlNode IsExpression() :
{
    SqlNode e;
    SqlNode right;
    boolean negated;
    SqlToken op;
}
{
    e = ComparisonExpression()
    (
        <ISNULL> { e = new IsNode(Nodes.pos(e, this), e, IsNode.Test.NULL, false); }
    |
        <NOTNULL> { e = new IsNode(Nodes.pos(e, this), e, IsNode.Test.NULL, true); }
    |
        <IS> { negated = false; }
        [ <NOT> { negated = true; } ]
        (
            <NULL> { e = new IsNode(Nodes.pos(e, this), e, IsNode.Test.NULL, negated); }
        |
            <TRUE> { e = new IsNode(Nodes.pos(e, this), e, IsNode.Test.TRUE, negated); }
        |
            <FALSE> { e = new IsNode(Nodes.pos(e, this), e, IsNode.Test.FALSE, negated); }
        |
            <UNKNOWN> { e = new IsNode(Nodes.pos(e, this), e, IsNode.Test.UNKNOWN, negated); }
        |
            <DISTINCT> <FROM> right = ComparisonExpression() {
                e = new DistinctFromNode(Nodes.pos(e, right), e, right, negated);
            }
        )
        [
            ( <EQ> | <NE> | <LT> | <GT> | <LE> | <GE> ) { op = (SqlToken) getToken(0); }
            e = OperatorTail(e, null, op.value, Nodes.span(op), true)
        ]
    )*
    { return e; }
}

SqlNode ComparisonExpression() :
{
    SqlNode e;
    SqlToken op;
}
{
    e = PredicateExpression()
    [
        ( <EQ> | <NE> | <LT> | <GT> | <LE> | <GE> ) { op = (SqlToken) getToken(0); }
        e = OperatorTail(e, null, op.value, Nodes.span(op), true)
    ]
    { return e; }
}

/** The right side of a binary operator: an expression of the next level, or ANY / ALL. */
SqlNode OperatorTail(SqlNode left, String schema, String op, SourceSpan opSpan, boolean comparison) :
{
    SqlNode right;
}
{
    right = Quantified(left, op, opSpan) { return right; }
|
    LOOKAHEAD({ comparison })
    right = PredicateExpression() { return Nodes.binary(left, schema, op, opSpan, right); }
|
    right = OtherOperand() { return Nodes.binary(left, schema, op, opSpan, right); }
}

SqlNode Quantified(SqlNode left, String op, SourceSpan opSpan) :
{
    final boolean all;
    SqlNode right;
}
{
    ( <ANY> { all = false; } | <SOME> { all = false; } | <ALL> { all = true; } )
    right = QueryOrExpressionInParentheses()
    { return new QuantifiedNode(Nodes.pos(left, this), left, op, all, right, opSpan); }
}

SqlNode QueryOrExpressionInParentheses() :
{
    final SqlNode e;
}
{
    LOOKAHEAD({ Ahead.opensQuery(getToken(1)) })
    e = QueryInParentheses() { return e; }
|
    <LPAREN> e = OrExpression() <RPAREN> { return e; }
}

/** BETWEEN, IN, LIKE, ILIKE, SIMILAR TO. */
SqlNode PredicateExpression() :
{
    SqlNode e, right, third;
    boolean negated = false;
    boolean symmetric = false;
    LikeNode.Kind kind;
    SourceSpan opSpan;
    SqlToken op;
}
{
    e = OtherExpression()
    [
        LOOKAHEAD(2)
        [ <NOT> { negated = true; } ]
        (
            <IN>
            (
                LOOKAHEAD({ Ahead.opensQuery(getToken(1)) })
                right = QueryInParentheses() {
                    e = new InNode(Nodes.pos(e, this), e, negated, null, right);
                }
            |
                e = InList(e, negated)
            )
        |
            <BETWEEN> [ <SYMMETRIC> { symmetric = true; } | <ASYMMETRIC> ]
            right = OtherExpression() <AND> third = OtherExpression() {
                e = new BetweenNode(Nodes.pos(e, third), e, right, third, negated, symmetric);
            }
        |
            ( <LIKE> { kind = LikeNode.Kind.LIKE; } | <ILIKE> { kind = LikeNode.Kind.ILIKE; } ) { opSpan = Nodes.span(getToken(0)); }
            (
                e = Quantified(e, Nodes.likeOperator(kind, negated), opSpan)
            |
                e = LikeTail(e, kind, negated)
            )
        |
            <SIMILAR> <TO>
            e = LikeTail(e, LikeNode.Kind.SIMILAR, negated)
        |
            <OVERLAPS> { op = (SqlToken) getToken(0); if (negated) { throw Nodes.syntaxErrorAt(op); } }
            right = OtherExpression() { e = Nodes.overlaps(e, right, op); }
        )
    ]
    { return e; }
}

SqlNode LikeTail(SqlNode value, LikeNode.Kind kind, boolean negated) :
{
    final SqlNode pattern;
    SqlNode escape = null;
}
{
    pattern = OtherExpression()
    [
        LOOKAHEAD({ Ahead.isKind(getToken(1), ESCAPE) && !Ahead.endsItem(getToken(2)) })
        <ESCAPE> escape = OtherExpression()
    ]
    { return new LikeNode(Nodes.pos(value, this), kind, value, pattern, escape, negated); }
}

SqlNode InList(SqlNode value, boolean negated) :
{
    final List<SqlNode> items = new ArrayList<SqlNode>();
}
{
    <LPAREN>
    AddExpression(items, null)
    ( <COMMA> AddExpression(items, null) )*
    <RPAREN>
    { return new InNode(Nodes.pos(value, this), value, negated, items, null); }
}

/** Every operator that is not arithmetic or comparison, left associative, all of one precedence. */
SqlNode OtherExpression() :
{
    SqlNode e;
    SqlToken op;
    String[] qualified;
}
{
    e = OtherOperand()
    (
        <SYMBOLIC_OPERATOR> { op = (SqlToken) getToken(0); }
        e = OperatorTail(e, null, op.value, Nodes.span(op), false)
    |
        <OPERATOR> { op = (SqlToken) getToken(0); }
        qualified = QualifiedOperator()
        e = OperatorTail(e, qualified[0], qualified[1], Nodes.span(op, getToken(0)), false)
    )*
    { return e; }
}

/** An operand, or a prefix operator before one: `~ 5`, `@ x`. */
SqlNode OtherOperand() :
{
    SqlNode e;
    final SqlToken op;
    final String[] qualified;
}
{
    <SYMBOLIC_OPERATOR> { op = (SqlToken) getToken(0); }
    e = OtherOperand() { return Nodes.prefix(op, e); }
|
    <OPERATOR> { op = (SqlToken) getToken(0); }
    qualified = QualifiedOperator()
    e = OtherOperand() {
        return new OperatorNode(Nodes.pos(op, e), qualified[0], qualified[1], null, e, Nodes.span(op));
    }
|
    e = AdditiveExpression() { return e; }
}

/** `(schema.op)`: schema, or null, and operator. */
String[] QualifiedOperator() :
{
    final List<String> names = new ArrayList<String>();
}
{
    <LPAREN>
    (
        AddIdentifierSegment(names, null) <DOT>
    )*
    (
        <SYMBOLIC_OPERATOR> | <EQ> | <NE> | <LT> | <GT> | <LE> | <GE> | <PLUS> | <MINUS> | <STAR> | <SLASH>
    |   <PERCENT_REMAINDER> | <CARET>
    )
    { names.add(((SqlToken) getToken(0)).value); }
    <RPAREN>
    {
        return new String[] {
            names.size() == 1 ? null : names.get(names.size() - 2), names.get(names.size() - 1)
        };
    }
}

SqlNode AdditiveExpression() :
{
    SqlNode e, right;
    SqlToken op;
}
{
    e = MultiplicativeExpression()
    (
        ( <PLUS> | <MINUS> ) { op = (SqlToken) getToken(0); }
        right = MultiplicativeExpression() { e = Nodes.binary(e, null, op.value, Nodes.span(op), right); }
    )*
    { return e; }
}

SqlNode MultiplicativeExpression() :
{
    SqlNode e, right;
    SqlToken op;
}
{
    e = PowerExpression()
    (
        ( <STAR> | <SLASH> | <PERCENT_REMAINDER> ) { op = (SqlToken) getToken(0); }
        right = PowerExpression() { e = Nodes.binary(e, null, op.value, Nodes.span(op), right); }
    )*
    { return e; }
}

SqlNode PowerExpression() :
{
    SqlNode e, right;
    SqlToken op;
}
{
    e = AtTimeZoneExpression()
    (
        <CARET> { op = (SqlToken) getToken(0); }
        right = AtTimeZoneExpression() { e = Nodes.binary(e, null, op.value, Nodes.span(op), right); }
    )*
    { return e; }
}

SqlNode AtTimeZoneExpression() :
{
    SqlNode e, zone;
    SqlToken at;
}
{
    e = CollateExpression()
    (
        <AT> { at = (SqlToken) getToken(0); } <IDENTIFIER> <IDENTIFIER>
        zone = CollateExpression() { e = Nodes.call("timezone", at, Nodes.pos(e, zone), zone, e); }
    )*
    { return e; }
}

SqlNode CollateExpression() :
{
    SqlNode e;
    SqlIdentifier name;
}
{
    e = UnaryExpression()
    (
        <COLLATE> name = CollationName() { e = new CollateNode(Nodes.pos(e, name), e, name.names); }
    )*
    { return e; }
}

/** The collation `default` is a reserved word that everybody writes. */
SqlIdentifier CollationName() :
{
    final SqlIdentifier name;
}
{
    <DEFAULT_> { return new SqlIdentifier("default", getPos()); }
|
    name = CompoundTableIdentifier() { return name; }
}

SqlNode UnaryExpression() :
{
    SqlNode e;
    final List<SqlToken> signs = new ArrayList<SqlToken>();
}
{
    (
        ( <PLUS> | <MINUS> ) { signs.add((SqlToken) getToken(0)); }
    )*
    e = PostfixExpression() {
        for (int i = signs.size() - 1; i >= 0; i--) {
            e = Nodes.prefix(signs.get(i), e);
        }
        return e;
    }
}

/** Casts, subscripts and fields. */
SqlNode PostfixExpression() :
{
    SqlNode e;
    SqlToken op;
    TypeName type;
    SqlIdentifier field;
}
{
    e = PrimaryExpression()
    (
        <INFIX_CAST> { op = (SqlToken) getToken(0); }
        type = TypeName() { e = new CastNode(Nodes.pos(e, this), e, type, Nodes.span(op)); }
    |
        <LBRACKET> e = SubscriptTail(e)
    |
        <DOT>
        (
            <STAR> { e = new FieldAccessNode(Nodes.pos(e, this), e, "*", Nodes.span(getToken(0))); }
        |
            field = SimpleIdentifier() {
                e = new FieldAccessNode(Nodes.pos(e, this), e, field.getSimple(), Nodes.span(getToken(0)));
            }
        )
    )*
    { return e; }
}

SqlNode SubscriptTail(SqlNode base) :
{
    SqlNode lower = null;
    SqlNode upper = null;
    boolean slice = false;
}
{
    [ lower = OrExpression() ]
    [
        <COLON> { slice = true; }
        [ upper = OrExpression() ]
    ]
    <RBRACKET> {
        if (lower == null && !slice) {
            throw Nodes.syntaxErrorAt(getToken(0));
        }
        return new SubscriptNode(Nodes.pos(base, this), base, lower, upper, slice);
    }
}

SqlNode PrimaryExpression() :
{
    SqlNode e;
    TypeName type;
    final SqlToken start;
}
{
    ( <UNSIGNED_INTEGER_LITERAL> | <DECIMAL_NUMERIC_LITERAL> | <APPROX_NUMERIC_LITERAL> ) {
        return Nodes.number(getToken(0), getPos());
    }
|
    <QUOTED_STRING> { return Nodes.string(getToken(0), getPos()); }
|
    <BINARY_STRING_LITERAL> { return Nodes.bits(getToken(0), getPos()); }
|
    <TRUE> { return SqlLiteral.createBoolean(true, getPos()); }
|
    <FALSE> { return SqlLiteral.createBoolean(false, getPos()); }
|
    <NULL> { return SqlLiteral.createNull(getPos()); }
|
    <POSITIONAL_PARAMETER> { return new ParameterNode(getPos(), Nodes.parameter(getToken(0))); }
|
    e = CaseExpression() { return e; }
|
    <CAST> { start = (SqlToken) getToken(0); }
    <LPAREN> e = OrExpression() <AS> type = TypeName() <RPAREN> {
        return new CastNode(Nodes.pos(start, this), e, type, Nodes.span(start));
    }
|
    <EXISTS> { start = (SqlToken) getToken(0); }
    e = QueryInParentheses() { return new ExistsNode(Nodes.pos(start, this), e); }
|
    <ARRAY> { start = (SqlToken) getToken(0); }
    (
        e = QueryInParentheses() { return new ArraySubqueryNode(Nodes.pos(start, this), e); }
    |
        e = ArrayElements(start) { return e; }
    )
|
    LOOKAHEAD(2)
    <ROW> { start = (SqlToken) getToken(0); }
    e = RowItems(start) { return e; }
|
    <INTERVAL> { start = (SqlToken) getToken(0); }
    e = IntervalTail(start) { return e; }
|
    LOOKAHEAD({ Ahead.opensQuery(getToken(1)) }) { start = (SqlToken) getToken(1); }
    e = QueryInParentheses() { return new SubqueryNode(Nodes.pos(start, this), e); }
|
    <LPAREN> { start = (SqlToken) getToken(0); }
    e = ParenthesizedTail(start) { return e; }
|
    LOOKAHEAD({ Ahead.isTypedLiteral(getToken(1)) }) { start = (SqlToken) getToken(1); }
    type = TypeName() <QUOTED_STRING> {
        return new TypedLiteralNode(Nodes.pos(start, this), type, ((SqlToken) getToken(0)).value);
    }
|
    e = SpecialCall() { return e; }
|
    LOOKAHEAD({ Ahead.isCall(getToken(1)) })
    e = FunctionCall() { return e; }
|
    e = MeasureOrColumn() { return e; }
}

/** A column, or a measure of a window: `m OVER w`. */
SqlNode MeasureOrColumn() :
{
    final SqlIdentifier name;
    final SqlIdentifier window;
    final SqlNode e;
}
{
    name = CompoundIdentifier()
    [
        <OVER>
        (
            e = WindowSpecification(null) { return new MeasureNode(Nodes.pos(name, this), name, (WindowNode) e); }
        |
            window = SimpleIdentifier() { return new MeasureNode(Nodes.pos(name, this), name, Nodes.namedWindow(window)); }
        )
    ]
    { return name; }
}

/** After the opening parenthesis of what is no query: one expression, or a row of two or more. */
SqlNode ParenthesizedTail(SqlToken start) :
{
    SqlNode e;
    final List<SqlNode> items = new ArrayList<SqlNode>();
}
{
    AddExpression(items, null)
    ( <COMMA> AddExpression(items, null) )*
    <RPAREN>
    { return items.size() == 1 ? items.get(0) : new RowNode(Nodes.pos(start, this), items, false); }
}

SqlNode RowItems(SqlToken start) :
{
    final List<SqlNode> items = new ArrayList<SqlNode>();
}
{
    <LPAREN>
    [
        AddExpression(items, null)
        ( <COMMA> AddExpression(items, null) )*
    ]
    <RPAREN>
    { return new RowNode(Nodes.pos(start, this), items, true); }
}

SqlNode ArrayElements(SqlToken start) :
{
    final List<SqlNode> items = new ArrayList<SqlNode>();
}
{
    <LBRACKET>
    [
        AddArrayElement(items)
        ( <COMMA> AddArrayElement(items) )*
    ]
    <RBRACKET>
    { return new ArrayNode(Nodes.pos(start, this), items); }
}

void AddArrayElement(List<SqlNode> items) :
{
    SqlNode e;
}
{
    { final SqlToken start = (SqlToken) getToken(1); }
    e = ArrayElements(start) { items.add(e); }
|
    AddExpression(items, null)
}

SqlNode IntervalTail(SqlToken start) :
{
    int precision = -1;
    final String text;
    String fields = null;
}
{
    [ <LPAREN> <UNSIGNED_INTEGER_LITERAL> { precision = Nodes.integer(getToken(0)); } <RPAREN> ]
    <QUOTED_STRING> { text = ((SqlToken) getToken(0)).value; }
    [
        LOOKAHEAD({ Ahead.isField(getToken(1)) })
        fields = IntervalFields()
        [
            LOOKAHEAD(2)
            <LPAREN> <UNSIGNED_INTEGER_LITERAL> { precision = Nodes.integer(getToken(0)); } <RPAREN>
        ]
    ]
    { return new IntervalLiteralNode(Nodes.pos(start, this), text, fields, precision); }
}

SqlNode CaseExpression() :
{
    final SqlToken start;
    SqlNode value = null;
    SqlNode otherwise = null;
    final List<SqlNode> conditions = new ArrayList<SqlNode>();
    final List<SqlNode> results = new ArrayList<SqlNode>();
}
{
    <CASE> { start = (SqlToken) getToken(0); }
    [ value = OrExpression() ]
    (
        <WHEN> AddExpression(conditions, null)
        <THEN> AddExpression(results, null)
    )+
    [ <ELSE> otherwise = OrExpression() ]
    <END>
    { return new CaseNode(Nodes.pos(start, this), value, conditions, results, otherwise); }
}

/** An expression or DEFAULT: in VALUES of INSERT and in UPDATE. */
SqlNode ExpressionOrDefault() :
{
    final SqlNode e;
}
{
    <DEFAULT_> { return new DefaultNode(getPos()); }
|
    e = OrExpression() { return e; }
}
