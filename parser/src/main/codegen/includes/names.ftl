<#-- Names. The lexer has folded and unquoted: a token's value is the name. -->

/** One part of a name: an identifier, quoted or not, or a word that is not reserved. */
void AddIdentifierSegment(List<String> names, List<SqlParserPos> positions) :
{}
{
    (
        <IDENTIFIER>
    |
        <QUOTED_IDENTIFIER>
    |
        NonReservedKeyWord()
    )
    {
        names.add(((SqlToken) getToken(0)).value);
        if (positions != null) {
            positions.add(((SqlToken) getToken(0)).quoted ? getPos().withQuoting(true) : getPos());
        }
    }
}

/** A name of one or more parts. After a dot any word is a name: the lexer sees to that. */
SqlIdentifier CompoundTableIdentifier() :
{
    final List<String> names = new ArrayList<String>();
    final List<SqlParserPos> positions = new ArrayList<SqlParserPos>();
}
{
    AddIdentifierSegment(names, positions)
    (
        LOOKAHEAD(1)
        <DOT> AddIdentifierSegment(names, positions)
    )*
    { return new SqlIdentifier(names, null, SqlParserPos.sum(positions), positions); }
}

/** A column reference: a name of one or more parts, or one that ends in a star. */
SqlIdentifier CompoundIdentifier() :
{
    final List<String> names = new ArrayList<String>();
    final List<SqlParserPos> positions = new ArrayList<SqlParserPos>();
    boolean star = false;
}
{
    AddIdentifierSegment(names, positions)
    (
        LOOKAHEAD({ Ahead.isKind(getToken(1), DOT) && !Ahead.isKind(getToken(2), STAR) })
        <DOT> AddIdentifierSegment(names, positions)
    )*
    [
        <DOT> <STAR> {
            star = true;
            names.add("");
            positions.add(getPos());
        }
    ]
    {
        final SqlParserPos pos = SqlParserPos.sum(positions);
        return star
            ? SqlIdentifier.star(names, pos, positions)
            : new SqlIdentifier(names, null, pos, positions);
    }
}

/** What may follow AS in a select list: any word at all. */
SqlIdentifier ColumnLabel() :
{
    SqlIdentifier id;
}
{
    LOOKAHEAD({ Ahead.isWord(getToken(1)) })
    id = anyWord() { return id; }
|
    id = SimpleIdentifier() { return id; }
}

JAVACODE SqlIdentifier anyWord() {
    final SqlToken word = (SqlToken) getNextToken();
    return new SqlIdentifier(word.value, word.quoted ? getPos().withQuoting(true) : getPos());
}

ObjectName ObjectName() :
{
    final SqlIdentifier id;
}
{
    id = CompoundTableIdentifier() { return Nodes.objectName(id); }
}

List<ObjectName> ObjectNames() :
{
    final List<ObjectName> list = new ArrayList<ObjectName>();
    ObjectName name;
}
{
    name = ObjectName() { list.add(name); }
    (
        <COMMA> name = ObjectName() { list.add(name); }
    )*
    { return list; }
}

Name Name() :
{
    final SqlIdentifier id;
}
{
    id = SimpleIdentifier() { return Nodes.name(id); }
}

/** One or more names in parentheses. */
List<Name> NameList() :
{
    final List<Name> list = new ArrayList<Name>();
    Name name;
}
{
    <LPAREN>
    name = Name() { list.add(name); }
    (
        <COMMA> name = Name() { list.add(name); }
    )*
    <RPAREN>
    { return list; }
}
