<#-- Statements. Each gives a record of dev.aevum.parser.statement. -->

/** One statement and nothing after it: the entry of SqlParser. */
Statement StatementEof() :
{
    final Statement statement;
}
{
    statement = Statement() <EOF> { return statement; }
}

Statement Statement() :
{
    final Statement s;
    final SqlNode query;
}
{
    (
        query = OrderedQueryOrExpr(null) { s = new QueryStatement(query); }
    |
        s = Insert()
    |
        s = Update()
    |
        s = Delete()
    |
        s = Truncate()
    |
        s = Copy()
    |
        s = Create()
    |
        s = Drop()
    |
        s = Alter()
    |
        s = Comment()
    |
        s = Explain()
    |
        s = Describe()
    |
        s = Show()
    |
        s = SetSetting()
    |
        s = Reset()
    |
        s = Discard()
    |
        s = Begin()
    |
        s = Commit()
    |
        s = Rollback()
    |
        s = Savepoint()
    |
        s = Prepare()
    |
        s = Execute()
    |
        s = Deallocate()
    |
        s = DeclareCursor()
    |
        s = Fetch()
    |
        s = CloseCursor()
    |
        s = Channel()
    |
        s = Lock()
    |
        s = Maintenance()
    |
        s = Subscribe()
    |
        s = Refused()
    )
    { return s; }
}

/** PostgreSQL's statements that we know and do not have: told apart from a syntax error. */
Statement Refused() :
{}
{
    ( <GRANT> | <REVOKE> | <CALL> | <DO> | <MERGE> | <REINDEX> | <CLUSTER> | <REASSIGN> | <SECURITY> | <IMPORT> | <LOAD> | <CHECKPOINT> | <ACKNOWLEDGE> ) {
        throw Nodes.unsupported(getToken(0).image.toUpperCase(Locale.ROOT) + " is not supported", getToken(0), null);
    }
}
