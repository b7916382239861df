<#-- CREATE, DROP, ALTER, COMMENT. -->

Statement Create() :
{
    boolean replace = false;
    final Statement s;
}
{
    <CREATE> [ <OR> <REPLACE> { replace = true; } ]
    (
        s = CreateStream(replace)
    |
        s = CreateTable(replace)
    |
        s = CreateMaterializedView(replace)
    |
        s = CreateView(replace)
    |
        s = CreateSink(replace)
    |
        s = CreateSchema()
    |
        s = CreateModel(replace)
    |
        ( <INDEX> | <UNIQUE> | <SEQUENCE> | <TYPE> | <DOMAIN> | <FUNCTION> | <SECRET> | <CONNECTION> | <SUBSCRIPTION> | <DATABASE>
        | <ROLE> | <USER> | <EXTENSION> | <TRIGGER> | <PROCEDURE> | <AGGREGATE> | <RULE> | <POLICY> | <SERVER> | <CAST> | <COLLATION> | <PUBLICATION> ) {
            throw Nodes.unsupported("CREATE " + getToken(0).image.toUpperCase(Locale.ROOT) + " is not supported", getToken(0), null);
        }
    )
    { return s; }
}

boolean IfNotExists() :
{}
{
    LOOKAHEAD(2)
    <IF> <NOT> <EXISTS> { return true; }
|
    { return false; }
}

boolean IfExists() :
{}
{
    LOOKAHEAD(2)
    <IF> <EXISTS> { return true; }
|
    { return false; }
}

Statement CreateStream(boolean replace) :
{
    final boolean ifNotExists;
    final ObjectName name;
    final TableElements elements = new TableElements();
    final Options opts;
}
{
    ( <STREAM> | <SOURCE> )
    ifNotExists = IfNotExists()
    name = ObjectName()
    [ TableElementList(elements) ]
    opts = WithOptions()
    {
        return new CreateStreamStatement(name, replace, ifNotExists, elements.columns, elements.constraints,
            elements.watermark, opts);
    }
}

Statement CreateTable(boolean replace) :
{
    boolean temporary = false;
    final Statement view;
    final boolean ifNotExists;
    final ObjectName name;
    final TableElements elements = new TableElements();
    final Options opts;
}
{
    (
        [ <GLOBAL> | <LOCAL> ] ( <TEMP> | <TEMPORARY> ) { temporary = true; }
        (
            <TABLE>
        |
            view = CreateViewRest(replace, true) { return view; }
        )
    |
        [ <UNLOGGED> ] <TABLE>
    )
    ifNotExists = IfNotExists()
    name = ObjectName()
    (
        TableElementList(elements)
    |
        <AS> { throw Nodes.unsupported("CREATE TABLE AS is not supported", getToken(0), "Use CREATE TABLE and INSERT INTO ... SELECT."); }
    )
    opts = WithOptions()
    [ <ON> <COMMIT> ( LOOKAHEAD(2) <PRESERVE> <ROWS> | <DELETE> <ROWS> | <DROP> ) ]
    [ <AS> { throw Nodes.unsupported("CREATE TABLE AS is not supported", getToken(0), "Use CREATE TABLE and INSERT INTO ... SELECT."); } ]
    {
        return new CreateTableStatement(name, replace, ifNotExists, temporary, elements.columns, elements.constraints,
            elements.watermark, opts);
    }
}

void TableElementList(TableElements elements) :
{}
{
    <LPAREN>
    [
        LOOKAHEAD({ !Ahead.isKind(getToken(1), RPAREN) })
        TableElement(elements)
        ( <COMMA> TableElement(elements) )*
    ]
    <RPAREN>
}

void TableElement(TableElements elements) :
{
    final SqlToken start;
    final Name column;
    Name constraint = null;
    final SqlNode e;
}
{
    LOOKAHEAD(2)
    <WATERMARK> <FOR> { start = (SqlToken) getToken(0); }
    column = Name() <AS> e = OrExpression() { elements.watermark(column, e, Nodes.span(start, getToken(0))); }
|
    <LIKE> { throw Nodes.unsupported("LIKE in a table definition is not supported", getToken(0), null); }
|
    LOOKAHEAD({ Ahead.startsConstraint(getToken(1)) })
    [ <CONSTRAINT> constraint = Name() ]
    TableConstraint(elements, constraint)
|
    ColumnDefinition(elements)
}

void TableConstraint(TableElements elements, Name constraint) :
{
    final SqlToken start;
    final List<Name> columns;
    final SqlNode e;
}
{
    <PRIMARY> { start = (SqlToken) getToken(0); }
    <KEY> columns = NameList() [ <NOT> <ENFORCED> ] {
        elements.constraints.add(new TableConstraint.PrimaryKey(constraint, columns, Nodes.span(start, getToken(0))));
    }
|
    <UNIQUE> { start = (SqlToken) getToken(0); }
    columns = NameList() {
        elements.constraints.add(new TableConstraint.Unique(constraint, columns, Nodes.span(start, getToken(0))));
    }
|
    <CHECK> { start = (SqlToken) getToken(0); }
    <LPAREN> e = OrExpression() <RPAREN> {
        elements.constraints.add(new TableConstraint.Check(constraint, e, Nodes.span(start, getToken(0))));
    }
|
    <FOREIGN> { start = (SqlToken) getToken(0); }
    <KEY> columns = NameList() References(elements, constraint, columns, start)
}

void References(TableElements elements, Name constraint, List<Name> columns, SqlToken start) :
{
    final ObjectName target;
    List<Name> targetColumns = new ArrayList<Name>();
}
{
    <REFERENCES> target = ObjectName() [ targetColumns = NameList() ]
    (
        <ON> ( <DELETE> | <UPDATE> )
        ( <CASCADE> | <RESTRICT> | <NO> <ACTION> | <SET> ( <NULL> | <DEFAULT_> ) )
    )*
    {
        elements.constraints.add(
            new TableConstraint.ForeignKey(constraint, columns, target, targetColumns, Nodes.span(start, getToken(0))));
    }
}

void ColumnDefinition(TableElements elements) :
{
    final ColumnBuilder column;
    final Name name;
    final TypeName type;
    SqlNode e;
    Name constraint = null;
    SqlToken start;
}
{
    name = Name()
    type = TypeName() { column = new ColumnBuilder(name, type); }
    (
        { constraint = null; }
        [ <CONSTRAINT> constraint = Name() ]
        { start = (SqlToken) getToken(1); }
        (
            <NOT> <NULL> { column.notNull = true; }
        |
            <NULL>
        |
            <DEFAULT_> e = OtherExpression() { column.defaultTo(e, start); }
        |
            <PRIMARY> <KEY> { column.primaryKey = true; }
        |
            <UNIQUE> { column.unique = true; }
        |
            <CHECK> <LPAREN> e = OrExpression() <RPAREN> {
                elements.constraints.add(new TableConstraint.Check(constraint, e, Nodes.span(start, getToken(0))));
            }
        |
            References(elements, constraint, List.of(name), start)
        |
            <COLLATE> CollationName()
        |
            <GENERATED> { throw Nodes.unsupported("generated columns are not supported", getToken(0), null); }
        )
    )*
    { elements.add(column.build(Nodes.span(getToken(0)))); }
}

Statement CreateMaterializedView(boolean replace) :
{
    final boolean ifNotExists;
    final ObjectName name;
    List<Name> columns = new ArrayList<Name>();
    final Options opts;
    final SqlToken start;
    final SqlToken end;
    final SqlNode query;
    EmitClause emit = null;
    ObjectName late = null;
}
{
    <MATERIALIZED> <VIEW>
    ifNotExists = IfNotExists()
    name = ObjectName()
    [ columns = NameList() ]
    opts = WithOptions()
    <AS> { start = (SqlToken) getToken(1); }
    query = OrderedQueryOrExpr(null) { end = (SqlToken) getToken(0); }
    [ LOOKAHEAD({ Ahead.isKind(getToken(1), EMIT) }) emit = Emit() ]
    [ LOOKAHEAD(2) <LATE> <DATA> <INTO> late = ObjectName() ]
    [ LOOKAHEAD({ emit == null && Ahead.isKind(getToken(1), EMIT) }) emit = Emit() ]
    [ <WITH> [ <NO> { throw Nodes.unsupported("WITH NO DATA is not supported", getToken(0), null); } ] <DATA> ]
    {
        return new CreateMaterializedViewStatement(name, replace, ifNotExists, columns, opts, query,
            start.textTo(end), Nodes.span(start, end), emit, late);
    }
}

EmitClause Emit() :
{
    final SqlToken start;
    final SqlNode interval;
}
{
    <EMIT> { start = (SqlToken) getToken(0); }
    (
        <ON>
        (
            <UPDATE> { return new EmitClause.OnUpdate(Nodes.span(start, getToken(0))); }
        |
            <WINDOW> <CLOSE> { return new EmitClause.OnWindowClose(Nodes.span(start, getToken(0))); }
        )
    |
        <EVERY> interval = OtherExpression() {
            return new EmitClause.Every(interval, Nodes.span(start, getToken(0)));
        }
    |
        <CHANGES> { return new EmitClause.OnUpdate(Nodes.span(start, getToken(0))); }
    )
}

Statement CreateView(boolean replace) :
{
    final Statement s;
}
{
    s = CreateViewRest(replace, false) { return s; }
}

Statement CreateViewRest(boolean replace, boolean temporary) :
{
    final boolean ifNotExists;
    final ObjectName name;
    List<Name> columns = new ArrayList<Name>();
    final Options opts;
    final SqlToken start;
    final SqlNode query;
}
{
    <VIEW>
    ifNotExists = IfNotExists()
    name = ObjectName()
    [ columns = NameList() ]
    opts = WithOptions()
    <AS> { start = (SqlToken) getToken(1); }
    query = OrderedQueryOrExpr(null)
    {
        final SqlToken end = (SqlToken) getToken(0);
        return new CreateViewStatement(name, replace, ifNotExists, temporary, columns, opts, query,
            start.textTo(end), Nodes.span(start, end));
    }
}

Statement CreateSink(boolean replace) :
{
    final boolean ifNotExists;
    final ObjectName name;
    ObjectName from = null;
    Options opts;
    Options later;
    SqlToken start = null;
    SqlNode query = null;
    String text = null;
    EmitClause emit = null;
}
{
    <SINK>
    ifNotExists = IfNotExists()
    name = ObjectName()
    [ <FROM> from = ObjectName() ]
    opts = WithOptions()
    [
        LOOKAHEAD({ from == null && Ahead.isKind(getToken(1), AS) })
        <AS> { start = (SqlToken) getToken(1); }
        query = OrderedQueryOrExpr(null) { text = start.textTo((SqlToken) getToken(0)); }
        [ emit = Emit() ]
        later = WithOptions() { opts = Nodes.merge(opts, later); }
    ]
    {
        if (from == null && query == null) {
            throw Nodes.syntaxErrorAt(getToken(1));
        }
        return new CreateSinkStatement(name, replace, ifNotExists, from, query, text, emit, opts);
    }
}

Statement CreateModel(boolean replace) :
{
    final boolean ifNotExists;
    final ObjectName name;
    Name target = null;
    TypeName type = null;
    final Name algorithm;
    final List<Name> partition = new ArrayList<Name>();
    final Options opts;
    final SqlToken start;
    final SqlNode query;
}
{
    <MODEL>
    ifNotExists = IfNotExists()
    name = ObjectName()
    [ LOOKAHEAD({ Ahead.isUnquoted(getToken(1), "predict") }) <IDENTIFIER> target = Name() type = TypeName() ]
    <USING> algorithm = Name()
    [ PartitionNames(partition) ]
    opts = WithOptions()
    [ LOOKAHEAD({ partition.isEmpty() && Ahead.isKind(getToken(1), PARTITION) }) PartitionNames(partition) ]
    <AS> { start = (SqlToken) getToken(1); }
    query = OrderedQueryOrExpr(null)
    {
        final SqlToken end = (SqlToken) getToken(0);
        return new CreateModelStatement(name, replace, ifNotExists, target, type, algorithm, partition, opts, query,
            start.textTo(end));
    }
}

/** `PARTITION BY a, b`. */
void PartitionNames(List<Name> names) :
{
    Name name;
}
{
    <PARTITION> <BY> name = Name() { names.add(name); }
    ( <COMMA> name = Name() { names.add(name); } )*
}

Statement CreateSchema() :
{
    final boolean ifNotExists;
    final Name name;
}
{
    <SCHEMA>
    ifNotExists = IfNotExists()
    name = Name()
    [ <AUTHORIZATION> ( LOOKAHEAD(2) SimpleIdentifier() | <BARE_FUNCTION> ) ]
    { return new CreateSchemaStatement(name, ifNotExists); }
}

/** `WITH (name = value, ...)`, or nothing. */
Options WithOptions() :
{
    final Options opts;
}
{
    LOOKAHEAD(2)
    <WITH> opts = OptionList() { return opts; }
|
    { return Options.NONE; }
}

Options OptionList() :
{
    final List<Option> list = new ArrayList<Option>();
}
{
    <LPAREN>
    [
        LOOKAHEAD({ !Ahead.isKind(getToken(1), RPAREN) })
        AddOption(list)
        ( <COMMA> AddOption(list) )*
    ]
    <RPAREN>
    { return Nodes.options(list); }
}

/** `a.b.c = value`; the equals sign may be missing, and so may the value, which is then `true`. */
void AddOption(List<Option> list) :
{
    final StringBuilder name = new StringBuilder();
    final SqlToken start;
    final SqlToken end;
    SqlIdentifier part;
    OptionValue value;
}
{
    { start = (SqlToken) getToken(1); }
    (
        <QUOTED_STRING> { name.append(((SqlToken) getToken(0)).value); }
    |
        part = ColumnLabel() { name.append(part.getSimple()); }
        (
            ( <DOT> { name.append('.'); } | <MINUS> { name.append('-'); } )
            part = ColumnLabel() { name.append(part.getSimple()); }
        )*
    )
    { end = (SqlToken) getToken(0); value = Nodes.trueOption(end); }
    (
        <EQ> value = OptionValue()
    |
        LOOKAHEAD({ !Ahead.endsItem(getToken(1)) })
        value = OptionValue()
    |
        {}
    )
    { list.add(new Option(name.toString(), Nodes.span(start, end), value)); }
}

OptionValue OptionValue() :
{
    final SqlToken start;
    String sign = "";
    final SqlIdentifier word;
}
{
    { start = (SqlToken) getToken(1); }
    (
        <QUOTED_STRING> {
            return new OptionValue(OptionValue.Kind.STRING, start.value, Nodes.span(start));
        }
    |
        [ <MINUS> { sign = "-"; } | <PLUS> ]
        ( <UNSIGNED_INTEGER_LITERAL> | <DECIMAL_NUMERIC_LITERAL> | <APPROX_NUMERIC_LITERAL> ) {
            return new OptionValue(OptionValue.Kind.NUMBER, sign + getToken(0).image, Nodes.span(start, getToken(0)));
        }
    |
        <INTERVAL> <QUOTED_STRING> {
            return new OptionValue(OptionValue.Kind.STRING, ((SqlToken) getToken(0)).value, Nodes.span(start, getToken(0)));
        }
    |
        LOOKAHEAD({ Ahead.isUnquoted(getToken(1), "secret") && Ahead.isWord(getToken(2)) })
        <SECRET> word = ColumnLabel() {
            return new OptionValue(OptionValue.Kind.SECRET, word.getSimple(), Nodes.span(start, getToken(0)));
        }
    |
        LOOKAHEAD({ Ahead.isWord(getToken(1)) })
        word = ColumnLabel() {
            return new OptionValue(OptionValue.Kind.WORD, word.getSimple(), Nodes.span(start));
        }
    )
}

/** The kind of an object, in DROP, ALTER and COMMENT. */
ObjectKind ObjectKind() :
{}
{
    <STREAM> { return ObjectKind.STREAM; }
|
    <TABLE> { return ObjectKind.TABLE; }
|
    <VIEW> { return ObjectKind.VIEW; }
|
    <MATERIALIZED> <VIEW> { return ObjectKind.MATERIALIZED_VIEW; }
|
    <SINK> { return ObjectKind.SINK; }
|
    <SOURCE> { return ObjectKind.SOURCE; }
|
    <SCHEMA> { return ObjectKind.SCHEMA; }
|
    <COLUMN> { return ObjectKind.COLUMN; }
|
    <INDEX> { return ObjectKind.INDEX; }
|
    <SEQUENCE> { return ObjectKind.SEQUENCE; }
|
    <TYPE> { return ObjectKind.TYPE; }
|
    <FUNCTION> { return ObjectKind.FUNCTION; }
|
    <SECRET> { return ObjectKind.SECRET; }
|
    <CONNECTION> { return ObjectKind.CONNECTION; }
|
    <SUBSCRIPTION> { return ObjectKind.SUBSCRIPTION; }
|
    <MODEL> { return ObjectKind.MODEL; }
|
    <DATABASE> { return ObjectKind.DATABASE; }
|
    <ROLE> { return ObjectKind.ROLE; }
|
    <EXTENSION> { return ObjectKind.EXTENSION; }
|
    <CONSTRAINT> { return ObjectKind.CONSTRAINT; }
}

Statement Drop() :
{
    final ObjectKind kind;
    final boolean ifExists;
    final List<ObjectName> names;
    final boolean cascade;
}
{
    <DROP>
    kind = ObjectKind()
    ifExists = IfExists()
    names = ObjectNames()
    cascade = DropBehavior()
    { return new DropStatement(kind, names, ifExists, cascade); }
}

boolean DropBehavior() :
{}
{
    <CASCADE> { return true; }
|
    <RESTRICT> { return false; }
|
    { return false; }
}

Statement Alter() :
{
    final ObjectKind kind;
    final boolean ifExists;
    final ObjectName name;
    Name column = null;
    final Name newName;
    Name key;
    OptionValue value;
    final List<AlterResetModelStatement.KeyValue> condition = new ArrayList<AlterResetModelStatement.KeyValue>();
}
{
    <ALTER>
    (
        kind = ObjectKind()
    |
        ( <SYSTEM> | <USER> | <DEFAULT_> ) {
            throw Nodes.unsupported("ALTER " + getToken(0).image.toUpperCase(Locale.ROOT) + " is not supported", getToken(0), null);
        }
    )
    ifExists = IfExists()
    name = ObjectName()
    (
        <RENAME>
        [ LOOKAHEAD({ !Ahead.isKind(getToken(1), TO) }) [ <COLUMN> ] column = Name() ]
        <TO> newName = Name()
        { return new AlterRenameStatement(kind, name, ifExists, column, newName); }
    |
        LOOKAHEAD({ kind == ObjectKind.MATERIALIZED_VIEW && Ahead.isKind(getToken(1), RESET) && Ahead.isKind(getToken(2), MODEL) })
        <RESET> <MODEL>
        [
            <WHERE>
            key = Name() <EQ> value = OptionValue() { condition.add(new AlterResetModelStatement.KeyValue(key, value)); }
            ( <AND> key = Name() <EQ> value = OptionValue() { condition.add(new AlterResetModelStatement.KeyValue(key, value)); } )*
        ]
        { return new AlterResetModelStatement(name, condition); }
    |
        LOOKAHEAD({ kind == ObjectKind.MODEL && Ahead.isUnquoted(getToken(1), "pause") })
        <IDENTIFIER> { return new AlterModelStatement(name, ifExists, AlterModelStatement.Action.PAUSE); }
    |
        LOOKAHEAD({ kind == ObjectKind.MODEL && Ahead.isUnquoted(getToken(1), "resume") })
        <IDENTIFIER> { return new AlterModelStatement(name, ifExists, AlterModelStatement.Action.RESUME); }
    |
        LOOKAHEAD({ kind == ObjectKind.MODEL && Ahead.isKind(getToken(1), RESET) })
        <RESET> { return new AlterModelStatement(name, ifExists, AlterModelStatement.Action.RESET); }
    |
        ( <ADD> | <ALTER> | <DROP> | <SET> | <RESET> | <OWNER> ) {
            throw Nodes.unsupported("ALTER " + kind.words() + " ... " + getToken(0).image.toUpperCase(Locale.ROOT) + " is not supported", getToken(0), null);
        }
    )
}

Statement Comment() :
{
    final ObjectKind kind;
    final ObjectName name;
    String text = null;
}
{
    <COMMENT> <ON>
    kind = ObjectKind()
    name = ObjectName()
    [ LOOKAHEAD({ Ahead.isKind(getToken(1), LPAREN) }) { throw Nodes.unsupported("COMMENT ON FUNCTION with arguments is not supported", getToken(1), null); } <LPAREN> ]
    <IS>
    (
        <QUOTED_STRING> { text = ((SqlToken) getToken(0)).value; }
    |
        <NULL>
    )
    { return new CommentStatement(kind, name, text); }
}
