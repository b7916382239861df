<#-- Settings, transactions, prepared statements, cursors, channels, explaining. -->

Statement Explain() :
{
    Options opts = Options.NONE;
    final List<Option> words = new ArrayList<Option>();
    final ExplainStatement.Target target;
    final SqlToken start;
    final Statement statement;
    final ObjectName name;
    SqlNode where = null;
}
{
    <EXPLAIN>
    (
        LOOKAHEAD({ Ahead.isKind(getToken(1), LPAREN) && !Ahead.opensQuery(getToken(1)) })
        opts = OptionList()
    |
        <ANALYZE> { words.add(Nodes.flag("analyze", getToken(0))); }
        [ <VERBOSE> { words.add(Nodes.flag("verbose", getToken(0))); } ]
        { opts = new Options(words); }
    |
        <VERBOSE> { words.add(Nodes.flag("verbose", getToken(0))); opts = new Options(words); }
    |
        {}
    )
    (
        LOOKAHEAD({ Ahead.isKind(getToken(1), WATERMARK) && Ahead.isWord(getToken(2)) })
        <WATERMARK> name = ObjectName() { target = new ExplainStatement.OfWatermark(name); }
    |
        LOOKAHEAD({ Ahead.isKind(getToken(1), WHY) && Ahead.isWord(getToken(2)) })
        <WHY> name = ObjectName() [ where = Where() ] { target = new ExplainStatement.OfRow(name, where); }
    |
        LOOKAHEAD({ Ahead.isOnlyName(getToken(1)) })
        name = ObjectName() { target = new ExplainStatement.OfObject(name); }
    |
        { start = (SqlToken) getToken(1); }
        statement = ExplainableStatement() {
            target = new ExplainStatement.OfStatement(statement, start.textTo((SqlToken) getToken(0)));
        }
    )
    { return new ExplainStatement(opts, target); }
}

Statement ExplainableStatement() :
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
        s = Create()
    |
        s = Execute()
    |
        s = DeclareCursor()
    |
        s = Subscribe()
    )
    { return s; }
}

Statement Describe() :
{
    final ObjectName name;
}
{
    <DESCRIBE>
    [
        LOOKAHEAD({ Ahead.isWord(getToken(1)) && Ahead.isWord(getToken(2)) })
        ObjectKind()
    ]
    name = ObjectName() { return new DescribeStatement(name); }
}

Statement Show() :
{
    final SqlToken start;
    final ObjectName name;
    ObjectKind kind = null;
    final String setting;
}
{
    <SHOW> { start = (SqlToken) getToken(1); }
    (
        <ALL> { return new ShowAllSettingsStatement(); }
    |
        <CREATE>
        [ LOOKAHEAD({ Ahead.isWord(getToken(2)) }) kind = ObjectKind() ]
        name = ObjectName() { return new ShowCreateStatement(kind, name); }
    |
        LOOKAHEAD(2)
        <TRANSACTION> <ISOLATION> <LEVEL> { return new ShowSettingStatement("transaction_isolation", Nodes.span(start, getToken(0))); }
    |
        LOOKAHEAD(2)
        <SESSION> <AUTHORIZATION> { return new ShowSettingStatement("session_authorization", Nodes.span(start, getToken(0))); }
    |
        LOOKAHEAD({ Ahead.isUnquoted(getToken(1), "time") && Ahead.isUnquoted(getToken(2), "zone") })
        <IDENTIFIER> <IDENTIFIER> { return new ShowSettingStatement("timezone", Nodes.span(start, getToken(0))); }
    |
        <STREAMS> { return new ShowObjectsStatement(ObjectKind.STREAM); }
    |
        <TABLES> { return new ShowObjectsStatement(ObjectKind.TABLE); }
    |
        <VIEWS> { return new ShowObjectsStatement(ObjectKind.VIEW); }
    |
        LOOKAHEAD(2)
        <MATERIALIZED> <VIEWS> { return new ShowObjectsStatement(ObjectKind.MATERIALIZED_VIEW); }
    |
        <SINKS> { return new ShowObjectsStatement(ObjectKind.SINK); }
    |
        <SOURCES> { return new ShowObjectsStatement(ObjectKind.SOURCE); }
    |
        LOOKAHEAD({ Ahead.isUnquoted(getToken(1), "models") && !Ahead.isKind(getToken(2), DOT) })
        <IDENTIFIER> { return new ShowObjectsStatement(ObjectKind.MODEL); }
    |
        setting = SettingName() { return new ShowSettingStatement(setting, Nodes.span(start, getToken(0))); }
    )
}

/** A setting's name, dots included. PostgreSQL compares them without regard to case. */
String SettingName() :
{
    final SqlIdentifier name;
}
{
    name = CompoundTableIdentifier() { return String.join(".", name.names).toLowerCase(Locale.ROOT); }
}

Statement SetSetting() :
{
    boolean local = false;
    boolean session = false;
    final Statement s;
}
{
    <SET>
    [
        LOOKAHEAD({ Ahead.isScope(getToken(1)) })
        ( <SESSION> { session = true; } | <LOCAL> { local = true; } )
    ]
    (
        LOOKAHEAD(2)
        <TRANSACTION> s = SetTransaction(false)
    |
        LOOKAHEAD({ session && Ahead.isKind(getToken(1), CHARACTERISTICS) })
        <CHARACTERISTICS> <AS> <TRANSACTION> s = SetTransaction(true)
    |
        LOOKAHEAD(2)
        <CONSTRAINTS> s = SetConstraints()
    |
        s = SetValue(local)
    )
    { return s; }
}

Statement SetTransaction(boolean session) :
{
    final TransactionModes modes;
}
{
    [ <SNAPSHOT> { throw Nodes.unsupported("SET TRANSACTION SNAPSHOT is not supported", getToken(0), null); } ]
    modes = TransactionModeList()
    {
        if (modes.equals(TransactionModes.DEFAULT)) {
            throw Nodes.syntaxErrorAt(getToken(1));
        }
        return new SetTransactionStatement(session, modes);
    }
}

Statement SetConstraints() :
{}
{
    ( <ALL> | ObjectNames() )
    (
        <DEFERRED> { return new SetConstraintsStatement(true); }
    |
        <IMMEDIATE> { return new SetConstraintsStatement(false); }
    )
}

Statement SetValue(boolean local) :
{
    final SqlToken start;
    String name;
    final List<SetStatement.Value> values = new ArrayList<SetStatement.Value>();
}
{
    { start = (SqlToken) getToken(1); }
    (
        LOOKAHEAD({ Ahead.isUnquoted(getToken(1), "time") && Ahead.isUnquoted(getToken(2), "zone") })
        <IDENTIFIER> <IDENTIFIER> { name = "timezone"; }
        ( <DEFAULT_> | <LOCAL> | AddTimeZone(values) )
    |
        LOOKAHEAD({ Ahead.isKind(getToken(1), NAMES) && !Ahead.isAssignment(getToken(2)) })
        <NAMES> { name = "client_encoding"; }
        [ <DEFAULT_> | <QUOTED_STRING> { values.add(Nodes.settingValue(getToken(0))); } ]
    |
        LOOKAHEAD({ Ahead.isKind(getToken(1), SESSION) && Ahead.isKind(getToken(2), AUTHORIZATION) })
        <SESSION> <AUTHORIZATION> { name = "session_authorization"; }
        ( <DEFAULT_> | AddSettingValue(values) )
    |
        LOOKAHEAD({ Ahead.isKind(getToken(1), AUTHORIZATION) })
        <AUTHORIZATION> { name = "session_authorization"; }
        ( <DEFAULT_> | AddSettingValue(values) )
    |
        LOOKAHEAD({ Ahead.isKind(getToken(1), ROLE) && !Ahead.isAssignment(getToken(2)) })
        <ROLE> { name = "role"; }
        AddSettingValue(values)
    |
        LOOKAHEAD({ Ahead.isKind(getToken(1), SCHEMA) && !Ahead.isAssignment(getToken(2)) })
        <SCHEMA> <QUOTED_STRING> { name = "search_path"; values.add(Nodes.settingValue(getToken(0))); }
    |
        name = SettingName()
        ( <TO> | <EQ> | <FROM> <CURRENT> { throw Nodes.unsupported("SET ... FROM CURRENT is not supported", getToken(0), null); } )
        (
            <DEFAULT_>
        |
            AddSettingValue(values)
            ( <COMMA> AddSettingValue(values) )*
        )
    )
    { return new SetStatement(local, name, values, Nodes.span(start, getToken(0))); }
}

void AddTimeZone(List<SetStatement.Value> values) :
{
    SqlToken start;
    String text;
    String fields;
}
{
    { start = (SqlToken) getToken(1); }
    <INTERVAL> <QUOTED_STRING> { text = ((SqlToken) getToken(0)).value; }
    [ LOOKAHEAD({ Ahead.isField(getToken(1)) }) fields = IntervalFields() { text += " " + fields.toLowerCase(Locale.ROOT); } ]
    { values.add(new SetStatement.Value(text, true, Nodes.span(start, getToken(0)))); }
|
    AddSettingValue(values)
}

/** A string, a signed number, or a word, `on` and `true` among them. */
void AddSettingValue(List<SetStatement.Value> values) :
{
    final SqlToken start;
    String sign = "";
}
{
    <QUOTED_STRING> { values.add(Nodes.settingValue(getToken(0))); }
|
    { start = (SqlToken) getToken(1); }
    [ <MINUS> { sign = "-"; } | <PLUS> ]
    ( <UNSIGNED_INTEGER_LITERAL> | <DECIMAL_NUMERIC_LITERAL> | <APPROX_NUMERIC_LITERAL> ) {
        values.add(new SetStatement.Value(sign + getToken(0).image, false, Nodes.span(start, getToken(0))));
    }
|
    LOOKAHEAD({ Ahead.isWord(getToken(1)) })
    ColumnLabel() { values.add(Nodes.settingValue(getToken(0))); }
}

Statement Reset() :
{
    final String name;
}
{
    <RESET>
    (
        <ALL> { return new ResetStatement(null); }
    |
        LOOKAHEAD({ Ahead.isUnquoted(getToken(1), "time") && Ahead.isUnquoted(getToken(2), "zone") })
        <IDENTIFIER> <IDENTIFIER> { return new ResetStatement("timezone"); }
    |
        LOOKAHEAD(2)
        <TRANSACTION> <ISOLATION> <LEVEL> { return new ResetStatement("transaction_isolation"); }
    |
        LOOKAHEAD(2)
        <SESSION> <AUTHORIZATION> { return new ResetStatement("session_authorization"); }
    |
        name = SettingName() { return new ResetStatement(name); }
    )
}

Statement Discard() :
{}
{
    <DISCARD>
    (
        <ALL> { return new DiscardStatement(DiscardStatement.Target.ALL); }
    |
        <PLANS> { return new DiscardStatement(DiscardStatement.Target.PLANS); }
    |
        <SEQUENCES> { return new DiscardStatement(DiscardStatement.Target.SEQUENCES); }
    |
        ( <TEMP> | <TEMPORARY> ) { return new DiscardStatement(DiscardStatement.Target.TEMP); }
    )
}

Statement Begin() :
{
    final TransactionModes modes;
}
{
    <BEGIN> [ <WORK> | <TRANSACTION> ] modes = TransactionModeList() { return new BeginStatement(false, modes); }
|
    <START> <TRANSACTION> modes = TransactionModeList() { return new BeginStatement(true, modes); }
}

/** Modes with or without commas; a later one wins. */
TransactionModes TransactionModeList() :
{
    final ModeBuilder modes = new ModeBuilder();
}
{
    [
        TransactionMode(modes)
        ( [ <COMMA> ] TransactionMode(modes) )*
    ]
    { return modes.build(); }
}

void TransactionMode(ModeBuilder modes) :
{}
{
    <ISOLATION> <LEVEL>
    (
        <SERIALIZABLE> { modes.isolation = TransactionModes.Isolation.SERIALIZABLE; }
    |
        <REPEATABLE> <READ> { modes.isolation = TransactionModes.Isolation.REPEATABLE_READ; }
    |
        <READ>
        (
            <COMMITTED> { modes.isolation = TransactionModes.Isolation.READ_COMMITTED; }
        |
            <UNCOMMITTED> { modes.isolation = TransactionModes.Isolation.READ_UNCOMMITTED; }
        )
    )
|
    <READ> ( <ONLY> { modes.readOnly = true; } | <WRITE> { modes.readOnly = false; } )
|
    <DEFERRABLE> { modes.deferrable = true; }
|
    <NOT> <DEFERRABLE> { modes.deferrable = false; }
}

Statement Commit() :
{
    final boolean chain;
}
{
    ( <COMMIT> | <END> )
    [ <PREPARED> { throw Nodes.unsupported("two-phase commit is not supported", getToken(0), null); } ]
    [ <WORK> | <TRANSACTION> ]
    chain = Chain()
    { return new CommitStatement(chain); }
}

boolean Chain() :
{}
{
    <AND> ( <CHAIN> { return true; } | <NO> <CHAIN> { return false; } )
|
    { return false; }
}

Statement Rollback() :
{
    final boolean chain;
    final Name name;
}
{
    ( <ROLLBACK> | <ABORT> )
    [ <PREPARED> { throw Nodes.unsupported("two-phase commit is not supported", getToken(0), null); } ]
    [ <WORK> | <TRANSACTION> ]
    (
        <TO> [ LOOKAHEAD({ Ahead.isKind(getToken(1), SAVEPOINT) && Ahead.isWord(getToken(2)) }) <SAVEPOINT> ] name = Name() { return new RollbackToSavepointStatement(name); }
    |
        chain = Chain() { return new RollbackStatement(chain); }
    )
}

Statement Savepoint() :
{
    final Name name;
}
{
    <SAVEPOINT> name = Name() { return new SavepointStatement(name); }
|
    <RELEASE> [ LOOKAHEAD({ Ahead.isKind(getToken(1), SAVEPOINT) && Ahead.isWord(getToken(2)) }) <SAVEPOINT> ] name = Name() { return new ReleaseSavepointStatement(name); }
}

Statement Prepare() :
{
    final Name name;
    final List<TypeName> types = new ArrayList<TypeName>();
    TypeName type;
    final SqlToken start;
    final Statement statement;
}
{
    <PREPARE>
    [ LOOKAHEAD({ Ahead.isKind(getToken(1), TRANSACTION) && Ahead.isKind(getToken(2), QUOTED_STRING) })
      <TRANSACTION> { throw Nodes.unsupported("two-phase commit is not supported", getToken(0), null); } ]
    name = Name()
    [
        <LPAREN> type = TypeName() { types.add(type); }
        ( <COMMA> type = TypeName() { types.add(type); } )*
        <RPAREN>
    ]
    <AS> { start = (SqlToken) getToken(1); }
    statement = PreparableStatement()
    { return new PrepareStatement(name, types, statement, start.textTo((SqlToken) getToken(0))); }
}

Statement PreparableStatement() :
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
    )
    { return s; }
}

Statement Execute() :
{
    final Name name;
    final List<SqlNode> arguments = new ArrayList<SqlNode>();
}
{
    <EXECUTE> name = Name()
    [
        <LPAREN>
        [ AddExpression(arguments, null) ( <COMMA> AddExpression(arguments, null) )* ]
        <RPAREN>
    ]
    { return new ExecuteStatement(name, arguments); }
}

Statement Deallocate() :
{
    final Name name;
}
{
    <DEALLOCATE>
    [ LOOKAHEAD({ Ahead.isKind(getToken(1), PREPARE) && Ahead.isWord(getToken(2)) }) <PREPARE> ]
    (
        <ALL> { return new DeallocateStatement(null); }
    |
        name = Name() { return new DeallocateStatement(name); }
    )
}

Statement DeclareCursor() :
{
    final Name name;
    boolean binary = false;
    boolean insensitive = false;
    Boolean scroll = null;
    boolean hold = false;
    final SqlToken start;
    final Statement statement;
    final SqlNode query;
}
{
    <DECLARE> name = Name()
    (
        <BINARY> { binary = true; }
    |
        <INSENSITIVE> { insensitive = true; }
    |
        <ASENSITIVE>
    |
        <NO> <SCROLL> { scroll = false; }
    |
        <SCROLL> { scroll = true; }
    )*
    <CURSOR>
    [ <WITH> <HOLD> { hold = true; } | <WITHOUT> <HOLD> ]
    <FOR> { start = (SqlToken) getToken(1); }
    (
        query = OrderedQueryOrExpr(null) { statement = new QueryStatement(query); }
    |
        statement = Subscribe()
    )
    {
        return new DeclareCursorStatement(name, binary, insensitive, scroll, hold, statement,
            start.textTo((SqlToken) getToken(0)));
    }
}

Statement Fetch() :
{
    final FetchBuilder fetch;
    final Options opts;
    final Name cursor;
}
{
    ( <FETCH> { fetch = new FetchBuilder(false); } | <MOVE> { fetch = new FetchBuilder(true); } )
    [ LOOKAHEAD({ Ahead.isFetchDirection(getToken(1)) }) FetchDirection(fetch) ]
    [ <FROM> | <IN> ]
    cursor = Name()
    opts = WithOptions()
    { return fetch.build(cursor, opts); }
}

void FetchDirection(FetchBuilder fetch) :
{
    long n;
}
{
    <NEXT> { fetch.set(FetchStatement.Direction.FORWARD, 1); }
|
    <PRIOR> { fetch.set(FetchStatement.Direction.BACKWARD, 1); }
|
    <FIRST> { fetch.set(FetchStatement.Direction.ABSOLUTE, 1); }
|
    <LAST> { fetch.set(FetchStatement.Direction.ABSOLUTE, -1); }
|
    <ABSOLUTE> n = SignedCount() { fetch.set(FetchStatement.Direction.ABSOLUTE, n); }
|
    <RELATIVE> n = SignedCount() { fetch.set(FetchStatement.Direction.RELATIVE, n); }
|
    <ALL> { fetch.set(FetchStatement.Direction.FORWARD, Long.MAX_VALUE); }
|
    <FORWARD> n = FetchCount() { fetch.set(FetchStatement.Direction.FORWARD, n); }
|
    <BACKWARD> n = FetchCount() { fetch.set(FetchStatement.Direction.BACKWARD, n); }
|
    n = SignedCount() { fetch.set(FetchStatement.Direction.FORWARD, n); }
}

long FetchCount() :
{
    final long n;
}
{
    <ALL> { return Long.MAX_VALUE; }
|
    n = SignedCount() { return n; }
|
    { return 1; }
}

long SignedCount() :
{
    boolean negative = false;
}
{
    [ <MINUS> { negative = true; } | <PLUS> ]
    <UNSIGNED_INTEGER_LITERAL> { return (negative ? -1 : 1) * (long) Nodes.integer(getToken(0)); }
}

Statement CloseCursor() :
{
    final Name name;
}
{
    <CLOSE>
    (
        <ALL> { return new CloseCursorStatement(null); }
    |
        name = Name() { return new CloseCursorStatement(name); }
    )
}

Statement Channel() :
{
    final Name channel;
    String payload = null;
}
{
    <LISTEN> channel = Name() { return new ListenStatement(channel); }
|
    <UNLISTEN>
    (
        <STAR> { return new UnlistenStatement(null); }
    |
        channel = Name() { return new UnlistenStatement(channel); }
    )
|
    <NOTIFY> channel = Name()
    [ <COMMA> <QUOTED_STRING> { payload = ((SqlToken) getToken(0)).value; } ]
    { return new NotifyStatement(channel, payload); }
}

Statement Lock() :
{
    final List<ObjectName> names;
    String mode = "ACCESS EXCLUSIVE";
    boolean noWait = false;
}
{
    <LOCK> [ <TABLE> ] [ <ONLY> ] names = ObjectNames()
    [ <IN> mode = LockMode() <MODE> ]
    [ <NOWAIT> { noWait = true; } ]
    { return new LockTableStatement(names, mode, noWait); }
}

String LockMode() :
{}
{
    <ACCESS> ( <SHARE> { return "ACCESS SHARE"; } | <EXCLUSIVE> { return "ACCESS EXCLUSIVE"; } )
|
    <ROW> ( <SHARE> { return "ROW SHARE"; } | <EXCLUSIVE> { return "ROW EXCLUSIVE"; } )
|
    <SHARE>
    (
        <UPDATE> <EXCLUSIVE> { return "SHARE UPDATE EXCLUSIVE"; }
    |
        <ROW> <EXCLUSIVE> { return "SHARE ROW EXCLUSIVE"; }
    |
        { return "SHARE"; }
    )
|
    <EXCLUSIVE> { return "EXCLUSIVE"; }
}

Statement Maintenance() :
{
    List<ObjectName> names = new ArrayList<ObjectName>();
    ObjectName name;
}
{
    <ANALYZE> [ <VERBOSE> ] [ names = MaintainedTables() ] { return new AnalyzeStatement(names); }
|
    <VACUUM>
    [ LOOKAHEAD({ Ahead.isKind(getToken(1), LPAREN) }) OptionList() ]
    [ <FULL> ] [ <FREEZE> ] [ <VERBOSE> ] [ <ANALYZE> ]
    [ names = MaintainedTables() ] { return new VacuumStatement(names); }
|
    <REFRESH>
    (
        <MATERIALIZED> <VIEW> [ <CONCURRENTLY> ] name = ObjectName() { return new RefreshMaterializedViewStatement(name); }
    |
        <MODEL> name = ObjectName() { return new RefreshModelStatement(name); }
    )
|
    <CHECK> <MATERIALIZED> <VIEW> name = ObjectName() { return new CheckMaterializedViewStatement(name); }
}

List<ObjectName> MaintainedTables() :
{
    final List<ObjectName> names = new ArrayList<ObjectName>();
    ObjectName name;
}
{
    name = ObjectName() { names.add(name); } [ NameList() ]
    ( <COMMA> name = ObjectName() { names.add(name); } [ NameList() ] )*
    { return names; }
}

Statement Subscribe() :
{
    final SqlIdentifier name;
    SqlNode where = null;
    SqlNode asOf = null;
    final Options opts;
}
{
    <SUBSCRIBE>
    (
        <TO> name = CompoundTableIdentifier()
        [ where = Where() ]
        [ LOOKAHEAD({ Ahead.isAsOf(getToken(1)) }) asOf = AsOf(name) ]
        opts = WithOptions()
        { return new SubscribeStatement(Nodes.objectName(name), where, asOf, opts); }
    |
        <USING> { throw Nodes.unsupported("durable subscriptions are not supported", getToken(0), null); }
    )
}
