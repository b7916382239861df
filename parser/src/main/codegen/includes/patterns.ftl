<#-- MATCH_RECOGNIZE, complete: SQL:2016 7.6 and 7.9, and what streams add (WITHIN, SHOW TIMEOUT MATCHES). Inside of PATTERN (...) the
     lexer gives every operator character alone. -->

SqlNode MatchRecognize(SqlNode data) :
{
    final List<SqlNode> partitionBy = new ArrayList<SqlNode>();
    final List<SqlNode> orderBy = new ArrayList<SqlNode>();
    final MatchBuilder match = new MatchBuilder();
}
{
    <MATCH_RECOGNIZE> <LPAREN>
    [ <PARTITION> <BY> AddExpression(partitionBy, null) ( <COMMA> AddExpression(partitionBy, null) )* ]
    [ <ORDER> <BY> AddOrderItem(orderBy) ( <COMMA> AddOrderItem(orderBy) )* ]
    [ <MEASURES> AddMeasure(match) ( <COMMA> AddMeasure(match) )* ]
    [ RowsPerMatch(match) ]
    [ AfterMatch(match) ]
    patternIsNext()
    PatternClauses(match)
    clausesEnd()
    <RPAREN> { MatchClauseOrder.requireOther(getToken(1)); }
    { return new MatchRecognizeNode(Nodes.pos(data, this), data, partitionBy, orderBy, match.build()); }
}

void AddMeasure(MatchBuilder match) :
{
    final SqlNode e;
    final SqlIdentifier name;
}
{
    e = OrExpression() measureName() <AS> name = ColumnLabel() { match.measures.add(Nodes.alias(e, name)); }
}

void RowsPerMatch(MatchBuilder match) :
{}
{
    <ONE> { match.start(getToken(0)); } <ROW> <PER> <MATCH> { match.rows(MatchClause.Rows.ONE_ROW, getToken(0)); } oneRowEnds()
|
    <ALL> { match.start(getToken(0)); } <ROWS> <PER> <MATCH> { match.rows(MatchClause.Rows.ALL_ROWS, getToken(0)); }
    [
        <SHOW> word("empty") word("matches") { match.rows(MatchClause.Rows.ALL_ROWS_SHOW_EMPTY, getToken(0)); }
    |
        LOOKAHEAD({ Ahead.isUnquoted(getToken(1), "omit") })
        <IDENTIFIER> word("empty") word("matches") { match.rows(MatchClause.Rows.ALL_ROWS_OMIT_EMPTY, getToken(0)); }
    |
        <WITH> word("unmatched") <ROWS> { match.rows(MatchClause.Rows.ALL_ROWS_WITH_UNMATCHED, getToken(0)); }
    ]
}

JAVACODE void patternIsNext() {
    MatchClauseOrder.requirePattern(getToken(1));
}

JAVACODE void measureName() {
    MatchClauseOrder.requireMeasureName(getToken(0), getToken(1));
}

JAVACODE void clausesEnd() {
    MatchClauseOrder.requireEnd(getToken(0), getToken(1));
}

JAVACODE void oneRowEnds() {
    MatchClauseOrder.requireOneRowOnly(getToken(1), getToken(2));
}

JAVACODE void noRowsPerMatch() {
    MatchClauseOrder.requireNoRowsPerMatch(getToken(1));
}

JAVACODE void boundsAhead() {
    PatternSyntax.requireBounds(getToken(1));
}

JAVACODE void partAhead(String of) {
    PatternSyntax.requirePart(of, getToken(1));
}

JAVACODE void word(String expected) {
    if (!Ahead.isUnquoted(getToken(1), expected)) {
        throw Nodes.syntaxErrorAt(getToken(1));
    }
    getNextToken();
}

/** What stands behind the frame of a window. */
void WindowPattern(MatchBuilder match) :
{}
{
    noRowsPerMatch()
    [ AfterMatch(match) { match.part(); } ]
    [
        LOOKAHEAD({ Ahead.isUnquoted(getToken(1), "initial") || Ahead.isUnquoted(getToken(1), "seek") })
        <IDENTIFIER> { match.search(getToken(0)); }
    ]
    [
        PatternClauses(match)
    |
        ( <SUBSET> | <DEFINE> ) { match.part(getToken(0)); }
    ]
}

/** From PATTERN to DEFINE. */
void PatternClauses(MatchBuilder match) :
{
    RowPattern pattern;
    SqlNode e;
}
{
    <PATTERN> <LPAREN> { match.start(getToken(0)); }
    pattern = RowPatternOpt() { match.pattern = pattern; }
    <RPAREN>
    [ <WITHIN> <INTERVAL> { final SqlToken interval = (SqlToken) getToken(0); } e = IntervalTail(interval) { match.within = e; } ]
    [ <SHOW> { match.start(getToken(0)); } word("timeout") word("matches") { match.timeouts(getToken(0)); } ]
    [ <SUBSET> AddSubset(match) ( <COMMA> AddSubset(match) )* ]
    [ <DEFINE> AddDefine(match) ( <COMMA> AddDefine(match) )* ]
}

void AfterMatch(MatchBuilder match) :
{
    final PatternName variable;
}
{
    <AFTER> { match.start(getToken(0)); } <MATCH> <SKIP_>
    (
        <PAST> <LAST> <ROW> { match.skip(MatchClause.SkipKind.PAST_LAST_ROW, null, getToken(0)); }
    |
        <TO>
        (
            LOOKAHEAD(2)
            <NEXT> <ROW> { match.skip(MatchClause.SkipKind.TO_NEXT_ROW, null, getToken(0)); }
        |
            LOOKAHEAD({ Ahead.isKind(getToken(1), FIRST) && !Ahead.isKind(getToken(2), PATTERN) })
            <FIRST> variable = PatternName() { match.skip(MatchClause.SkipKind.TO_FIRST, variable, getToken(0)); }
        |
            LOOKAHEAD({ Ahead.isKind(getToken(1), LAST) && !Ahead.isKind(getToken(2), PATTERN) })
            <LAST> variable = PatternName() { match.skip(MatchClause.SkipKind.TO_LAST, variable, getToken(0)); }
        |
            variable = PatternName() { match.skip(MatchClause.SkipKind.TO_VARIABLE, variable, getToken(0)); }
        )
    )
}

PatternName PatternName() :
{
    final SqlIdentifier id;
}
{
    id = SimpleIdentifier() { return new PatternName(id.getSimple(), Spans.of(id)); }
}

void AddSubset(MatchBuilder match) :
{
    final PatternName union;
    PatternName member;
    final List<PatternName> members = new ArrayList<PatternName>();
}
{
    union = PatternName() <EQ>
    <LPAREN> partAhead("SUBSET") member = PatternName() { members.add(member); } ( <COMMA> member = PatternName() { members.add(member); } )* <RPAREN>
    { match.subsets.add(new MatchClause.Subset(union, members)); }
}

void AddDefine(MatchBuilder match) :
{
    final PatternName variable;
    final SqlNode e;
}
{
    variable = PatternName() <AS> e = OrExpression() { match.defines.add(new MatchClause.Define(variable, e)); }
}

/** Nothing between the parentheses is the empty pattern. */
RowPattern RowPatternOpt() :
{
    final RowPattern pattern;
}
{
    LOOKAHEAD({ Ahead.isKind(getToken(1), RPAREN) })
    { return new RowPattern.Empty(Nodes.span(getToken(0), getToken(1))); }
|
    pattern = RowPattern() { return pattern; }
}

RowPattern RowPattern() :
{
    RowPattern branch;
    final List<RowPattern> branches = new ArrayList<RowPattern>();
}
{
    branch = RowPatternTerm() { branches.add(branch); }
    ( <VERTICAL_BAR> branch = RowPatternTerm() { branches.add(branch); } )*
    { return MatchBuilder.alternation(branches); }
}

RowPattern RowPatternTerm() :
{
    RowPattern factor;
    final List<RowPattern> factors = new ArrayList<RowPattern>();
}
{
    (
        factor = RowPatternFactor() { factors.add(factor); }
    )+
    { return MatchBuilder.concatenation(factors); }
}

RowPattern RowPatternFactor() :
{
    RowPattern operand;
    final int[] bounds = {1, 1};
    boolean quantified = false;
    boolean reluctant = false;
}
{
    operand = RowPatternPrimary()
    [
        LOOKAHEAD({ Ahead.startsQuantifier(getToken(1)) })
        (
            <STAR> { bounds[0] = 0; bounds[1] = RowPattern.UNBOUNDED; }
        |
            <PLUS> { bounds[1] = RowPattern.UNBOUNDED; }
        |
            <HOOK> { bounds[0] = 0; }
        |
            RowPatternBounds(bounds)
        )
        { quantified = true; }
        [ <HOOK> { reluctant = true; } ]
    ]
    { return quantified ? MatchBuilder.quantified(operand, bounds, reluctant, getToken(0)) : operand; }
}

void RowPatternBounds(int[] bounds) :
{}
{
    <LBRACE> boundsAhead()
    (
        <UNSIGNED_INTEGER_LITERAL> { bounds[0] = Nodes.integer(getToken(0)); bounds[1] = bounds[0]; }
        [
            <COMMA> { bounds[1] = RowPattern.UNBOUNDED; }
            [ <UNSIGNED_INTEGER_LITERAL> { bounds[1] = Nodes.integer(getToken(0)); } ]
        ]
    |
        <COMMA> <UNSIGNED_INTEGER_LITERAL> { bounds[0] = 0; bounds[1] = Nodes.integer(getToken(0)); }
    )
    <RBRACE>
}

RowPattern RowPatternPrimary() :
{
    final SqlToken start;
    final PatternName variable;
    RowPattern part;
    final List<RowPattern> parts = new ArrayList<RowPattern>();
}
{
    <CARET> { return new RowPattern.Start(Nodes.span(getToken(0))); }
|
    <DOLLAR> { return new RowPattern.End(Nodes.span(getToken(0))); }
|
    <LPAREN> part = RowPatternOpt() <RPAREN> { return part; }
|
    <LBRACE> { start = (SqlToken) getToken(0); }
    <MINUS> partAhead("an exclusion {- -}") part = RowPattern() <MINUS> <RBRACE>
    { return new RowPattern.Exclusion(part, Nodes.span(start, getToken(0))); }
|
    <PERMUTE> { start = (SqlToken) getToken(0); }
    <LPAREN> partAhead("PERMUTE") part = RowPattern() { parts.add(part); } ( <COMMA> part = RowPattern() { parts.add(part); } )* <RPAREN>
    { return new RowPattern.Permutation(parts, Nodes.span(start, getToken(0))); }
|
    variable = PatternName() { return new RowPattern.Variable(variable.text(), variable.span()); }
}
