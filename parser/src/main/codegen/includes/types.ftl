<#-- Type names, with PostgreSQL's grammar words resolved (tree.TypeName says how). -->

TypeName TypeName() :
{
    final Span s;
    final List<String> words = new ArrayList<String>();
    final List<Integer> modifiers = new ArrayList<Integer>();
    final SqlToken first;
    boolean setOf = false;
    Boolean timeZone = null;
    String fields = null;
    int dimensions = 0;
}
{
    [
        LOOKAHEAD({ Ahead.isUnquoted(getToken(1), "setof") && Ahead.isWord(getToken(2)) })
        <IDENTIFIER> { setOf = true; }
    ]
    { first = (SqlToken) getToken(1); }
    ( <INTERVAL> { words.add("interval"); } | AddIdentifierSegment(words, null) ) { s = span(); }
    (
        <DOT> AddIdentifierSegment(words, null)
    )*
    [
        LOOKAHEAD({ words.size() == 1 && Ahead.isSecondTypeWord(first, getToken(1)) })
        <IDENTIFIER> { words.set(0, words.get(0) + " " + ((SqlToken) getToken(0)).value); }
    ]
    [
        LOOKAHEAD({ words.size() == 1 && Ahead.isIntervalField(first, getToken(1)) })
        fields = IntervalFields()
    ]
    [
        LOOKAHEAD(2)
        <LPAREN>
        AddTypeModifier(modifiers)
        ( <COMMA> AddTypeModifier(modifiers) )*
        <RPAREN>
    ]
    [
        LOOKAHEAD({ Ahead.isTimeZone(first, getToken(1)) })
        (
            <WITH> { timeZone = true; }
        |
            <WITHOUT> { timeZone = false; }
        )
        <IDENTIFIER> <IDENTIFIER>
    ]
    (
        LOOKAHEAD(2)
        <LBRACKET> [ <UNSIGNED_INTEGER_LITERAL> ] <RBRACKET> { dimensions++; }
    )*
    [
        <ARRAY> { dimensions++; }
        [ <LBRACKET> <UNSIGNED_INTEGER_LITERAL> <RBRACKET> ]
    ]
    {
        return Nodes.typeName(words, first, modifiers, dimensions, fields, timeZone, setOf, s.end(this));
    }
}

void AddTypeModifier(List<Integer> modifiers) :
{
    boolean negative = false;
}
{
    [ <MINUS> { negative = true; } ]
    <UNSIGNED_INTEGER_LITERAL> {
        modifiers.add((negative ? -1 : 1) * Nodes.integer(getToken(0)));
    }
}

/** `DAY TO SECOND` and its like. The fields are plain identifiers to the lexer. */
String IntervalFields() :
{
    String fields;
}
{
    <IDENTIFIER> { fields = ((SqlToken) getToken(0)).value; }
    [
        LOOKAHEAD({ Ahead.isKind(getToken(1), TO) && Ahead.isField(getToken(2)) })
        <TO> <IDENTIFIER> { fields += " to " + ((SqlToken) getToken(0)).value; }
    ]
    { return fields.toUpperCase(Locale.ROOT); }
}
