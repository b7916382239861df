<#-- INSERT, UPDATE, DELETE, TRUNCATE, COPY. -->

Statement Insert() :
{
    final ObjectName target;
    Name alias = null;
    List<Name> columns = new ArrayList<Name>();
    SqlNode source = null;
    OnConflict conflict = null;
    final List<SqlNode> returning;
}
{
    <INSERT> <INTO> target = ObjectName()
    [ <AS> alias = Name() ]
    [ LOOKAHEAD({ Ahead.isKind(getToken(1), LPAREN) && !Ahead.opensQuery(getToken(1)) }) columns = NameList() ]
    [ <OVERRIDING> ( <SYSTEM> | <USER> ) <VALUE> ]
    (
        <DEFAULT_> <VALUES>
    |
        source = OrderedQueryOrExpr(null)
    )
    [ conflict = OnConflict() ]
    returning = Returning()
    { return new InsertStatement(target, alias, columns, source, conflict, returning); }
}

OnConflict OnConflict() :
{
    final SqlToken start;
    List<Name> columns = new ArrayList<Name>();
    boolean nothing = false;
    List<Assignment> assignments = new ArrayList<Assignment>();
    SqlNode where = null;
}
{
    <ON> { start = (SqlToken) getToken(0); }
    <CONFLICT>
    [
        columns = NameList()
    |
        <ON> <CONSTRAINT> { throw Nodes.unsupported("ON CONFLICT ON CONSTRAINT is not supported", getToken(0), "Name the key's columns instead."); }
    ]
    <DO>
    (
        <NOTHING> { nothing = true; }
    |
        <UPDATE> <SET> Assignments(assignments) [ where = Where() ]
    )
    { return new OnConflict(columns, nothing, assignments, where, Nodes.span(start, getToken(0))); }
}

List<SqlNode> Returning() :
{
    final List<SqlNode> items = new ArrayList<SqlNode>();
}
{
    [
        <RETURNING> AddSelectItem(items)
        ( <COMMA> AddSelectItem(items) )*
    ]
    { return items; }
}

void Assignments(List<Assignment> list) :
{}
{
    AddAssignment(list)
    ( <COMMA> AddAssignment(list) )*
}

void AddAssignment(List<Assignment> list) :
{
    final Name column;
    final List<Name> columns;
    final List<SqlNode> values = new ArrayList<SqlNode>();
    SqlNode e;
    final SqlToken start;
}
{
    column = Name()
    [ <DOT> { throw Nodes.syntaxErrorAt(getToken(0)); } ]
    <EQ> e = ExpressionOrDefault() { list.add(new Assignment(column, e)); }
|
    { start = (SqlToken) getToken(1); }
    columns = NameList() <EQ>
    [ <ROW> ]
    (
        LOOKAHEAD({ Ahead.opensQuery(getToken(1)) })
        e = QueryInParentheses() { throw Nodes.unsupported("assigning a query to several columns is not supported", start, null); }
    |
        <LPAREN> e = ExpressionOrDefault() { values.add(e); }
        ( <COMMA> e = ExpressionOrDefault() { values.add(e); } )*
        <RPAREN>
    )
    { Nodes.assign(list, columns, values, start); }
}

Statement Update() :
{
    final ObjectName target;
    Name alias = null;
    final List<Assignment> assignments = new ArrayList<Assignment>();
    SqlNode from = null;
    SqlNode where = null;
    final List<SqlNode> returning;
}
{
    <UPDATE> [ <ONLY> ] target = ObjectName()
    [
        LOOKAHEAD({ !(Ahead.isKind(getToken(1), SET)) })
        [ <AS> ] alias = Name()
    ]
    <SET> Assignments(assignments)
    [ <FROM> from = FromClause() ]
    [ where = Where() ]
    returning = Returning()
    { return new UpdateStatement(target, alias, assignments, from, where, returning); }
}

Statement Delete() :
{
    final ObjectName target;
    Name alias = null;
    SqlNode using = null;
    SqlNode where = null;
    final List<SqlNode> returning;
}
{
    <DELETE> <FROM> [ <ONLY> ] target = ObjectName()
    [ [ <AS> ] alias = Name() ]
    [ <USING> using = FromClause() ]
    [ where = Where() ]
    returning = Returning()
    { return new DeleteStatement(target, alias, using, where, returning); }
}

Statement Truncate() :
{
    final List<ObjectName> names;
    boolean restart = false;
    final boolean cascade;
}
{
    <TRUNCATE> [ <TABLE> ] [ <ONLY> ] names = ObjectNames()
    [ <RESTART> <IDENTITY> { restart = true; } | <CONTINUE> <IDENTITY> ]
    cascade = DropBehavior()
    { return new TruncateStatement(names, restart, cascade); }
}

Statement Copy() :
{
    ObjectName table = null;
    List<Name> columns = new ArrayList<Name>();
    Statement query = null;
    SqlNode q;
    CopyStatement.Direction direction;
    CopyStatement.Endpoint endpoint;
    String file = null;
    final List<CopyStatement.CopyOption> opts = new ArrayList<CopyStatement.CopyOption>();
    SqlNode where = null;
}
{
    <COPY>
    (
        <LPAREN>
        ( q = OrderedQueryOrExpr(null) { query = new QueryStatement(q); } | query = Subscribe() )
        <RPAREN> <TO> { direction = CopyStatement.Direction.TO; }
    |
        [ <BINARY> { opts.add(Nodes.copyOption("format", "binary", getToken(0))); } ]
        table = ObjectName()
        [ columns = NameList() ]
        ( <FROM> { direction = CopyStatement.Direction.FROM; } | <TO> { direction = CopyStatement.Direction.TO; } )
    )
    (
        ( <STDIN> | <STDOUT> ) { endpoint = CopyStatement.Endpoint.STDIO; }
    |
        <QUOTED_STRING> { endpoint = CopyStatement.Endpoint.FILE; file = ((SqlToken) getToken(0)).value; }
    |
        <PROGRAM> <QUOTED_STRING> { endpoint = CopyStatement.Endpoint.PROGRAM; file = ((SqlToken) getToken(0)).value; }
    )
    [ <WITH> ]
    (
        <LPAREN> AddCopyOption(opts) ( <COMMA> AddCopyOption(opts) )* <RPAREN>
    |
        ( AddOldCopyOption(opts) )*
    )
    [ where = Where() ]
    { return new CopyStatement(table, columns, query, direction, endpoint, file, opts, where); }
}

void AddCopyOption(List<CopyStatement.CopyOption> opts) :
{
    final SqlToken start;
    SqlIdentifier word;
    final List<String> values = new ArrayList<String>();
}
{
    word = ColumnLabel() { start = (SqlToken) getToken(0); }
    (
        <QUOTED_STRING> { values.add(((SqlToken) getToken(0)).value); }
    |
        ( <UNSIGNED_INTEGER_LITERAL> | <STAR> ) { values.add(getToken(0).image); }
    |
        <LPAREN> AddCopyValue(values) ( <COMMA> AddCopyValue(values) )* <RPAREN>
    |
        LOOKAHEAD({ Ahead.isWord(getToken(1)) })
        AddCopyValue(values)
    |
        {}
    )
    { opts.add(new CopyStatement.CopyOption(word.getSimple(), values.isEmpty() ? List.of("true") : List.copyOf(values), Nodes.span(start, getToken(0)))); }
}

void AddCopyValue(List<String> values) :
{
    final SqlIdentifier word;
}
{
    <QUOTED_STRING> { values.add(((SqlToken) getToken(0)).value); }
|
    word = ColumnLabel() { values.add(word.getSimple()); }
}

/** `CSV HEADER DELIMITER AS ','`: the syntax of PostgreSQL 7.3 to 8.4, which clients still send. */
void AddOldCopyOption(List<CopyStatement.CopyOption> opts) :
{
    final SqlToken start;
    final List<String> values = new ArrayList<String>();
    String name;
    SqlIdentifier word;
}
{
    { start = (SqlToken) getToken(1); }
    (
        <BINARY> { name = "format"; values.add("binary"); }
    |
        <FREEZE> { name = "freeze"; values.add("true"); }
    |
        <NULL> [ <AS> ] <QUOTED_STRING> { name = "null"; values.add(((SqlToken) getToken(0)).value); }
    |
        LOOKAHEAD({ Ahead.isUnquoted(getToken(1), "force") })
        <IDENTIFIER>
        (
            <NOT> <NULL> { name = "force_not_null"; }
        |
            <NULL> { name = "force_null"; }
        |
            <IDENTIFIER> { name = "force_quote"; }
        )
        (
            <STAR> { values.add("*"); }
        |
            word = SimpleIdentifier() { values.add(word.getSimple()); }
            ( <COMMA> word = SimpleIdentifier() { values.add(word.getSimple()); } )*
        )
    |
        <IDENTIFIER> { name = ((SqlToken) getToken(0)).value; }
        [ [ <AS> ] <QUOTED_STRING> { values.add(((SqlToken) getToken(0)).value); } ]
        { name = Nodes.oldCopyOption(name, values, start); }
    )
    { opts.add(new CopyStatement.CopyOption(name, List.copyOf(values), Nodes.span(start, getToken(0)))); }
}
