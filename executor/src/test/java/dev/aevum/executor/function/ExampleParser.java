package dev.aevum.executor.function;

import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.FunctionSignature.ArgumentType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads the SQL of the registry's examples: literals, casts, calls, infix and prefix operators,
/// ARRAY[...]. Overloads are chosen by the number of arguments that need no cast: enough for
/// examples, no substitute for the planner.
final class ExampleParser {
  private static final String SYMBOLS = "+-*/%<>=~!@#&|^?";
  private static final Map<String, SqlType> TYPES =
      Map.ofEntries(
          Map.entry("boolean", SimpleType.BOOLEAN),
          Map.entry("smallint", SimpleType.SMALLINT),
          Map.entry("integer", SimpleType.INTEGER),
          Map.entry("int", SimpleType.INTEGER),
          Map.entry("bigint", SimpleType.BIGINT),
          Map.entry("numeric", SimpleType.NUMERIC),
          Map.entry("real", SimpleType.REAL),
          Map.entry("double", SimpleType.DOUBLE),
          Map.entry("text", SimpleType.TEXT),
          Map.entry("varchar", new VarcharType(-1)),
          Map.entry("char", new CharType(1)),
          Map.entry("bytea", SimpleType.BYTEA),
          Map.entry("sketch", SimpleType.SKETCH),
          Map.entry("date", SimpleType.DATE),
          Map.entry("time", SimpleType.TIME),
          Map.entry("timestamp", SimpleType.TIMESTAMP),
          Map.entry("timestamptz", SimpleType.TIMESTAMPTZ),
          Map.entry("interval", SimpleType.INTERVAL),
          Map.entry("uuid", SimpleType.UUID),
          Map.entry("name", SimpleType.NAME),
          Map.entry("oid", SimpleType.OID),
          Map.entry("regclass", SimpleType.REGCLASS),
          Map.entry("json", SimpleType.JSON),
          Map.entry("jsonb", SimpleType.JSONB),
          Map.entry("oidvector", SimpleType.OIDVECTOR),
          Map.entry("int2vector", SimpleType.INT2VECTOR));

  private final FunctionRegistry registry;
  private final String in;
  private int at;

  ExampleParser(FunctionRegistry registry, String in) {
    this.registry = registry;
    this.in = in;
  }

  static Expr parse(FunctionRegistry registry, String text) {
    ExampleParser parser = new ExampleParser(registry, text);
    Expr expression = parser.infix(0);
    parser.space();
    if (parser.at < text.length()) {
      throw new AssertionError("rest of example: " + text.substring(parser.at));
    }
    return expression;
  }

  private void space() {
    while (at < in.length() && in.charAt(at) == ' ') {
      at++;
    }
  }

  private boolean accept(String token) {
    space();
    if (in.startsWith(token, at)) {
      at += token.length();
      return true;
    }
    return false;
  }

  private void expect(String token) {
    if (!accept(token)) {
      throw new AssertionError(token + " expected at " + in.substring(at));
    }
  }

  private static int precedence(String operator) {
    return switch (operator) {
      case "^" -> 5;
      case "*", "/", "%" -> 4;
      case "+", "-" -> 3;
      case "<", ">", "=", "<=", ">=", "<>" -> 1;
      default -> 2;
    };
  }

  private @Nullable String symbol() {
    space();
    int end = at;
    while (end < in.length() && SYMBOLS.indexOf(in.charAt(end)) >= 0) {
      // A sign after an operator belongs to the operand.
      if (end > at && (in.charAt(end) == '-' || in.charAt(end) == '+')) {
        break;
      }
      end++;
    }
    return end == at ? null : in.substring(at, end);
  }

  private Expr infix(int least) {
    Expr left = prefix();
    while (true) {
      String operator = symbol();
      if (operator == null || precedence(operator) < least) {
        return left;
      }
      at += operator.length();
      Expr right = infix(precedence(operator) + 1);
      left = call(operator, List.of(left, right));
    }
  }

  private Expr prefix() {
    String operator = symbol();
    if (operator != null) {
      at += operator.length();
      space();
      if (operator.equals("-") && Character.isDigit(in.charAt(at))) {
        int from = at;
        Expr number = number(from, true);
        return suffix(number);
      }
      return call(operator, List.of(prefix()));
    }
    return suffix(primary());
  }

  private Expr suffix(Expr base) {
    Expr value = base;
    while (accept("::")) {
      value = cast(value, type());
    }
    return value;
  }

  private SqlType type() {
    space();
    int from = at;
    while (at < in.length() && (Character.isLetterOrDigit(in.charAt(at)))) {
      at++;
    }
    String name = in.substring(from, at);
    SqlType type = TYPES.get(name);
    if (type == null) {
      throw new AssertionError("type " + name);
    }
    if (name.equals("double")) {
      expect("precision");
    }
    if (accept("(")) {
      int first = integer();
      type =
          switch (name) {
            case "numeric" -> {
              int scale = accept(",") ? integer() : 0;
              yield new DecimalType(first, scale);
            }
            case "varchar" -> new VarcharType(first);
            default -> new CharType(first);
          };
      expect(")");
    }
    return accept("[]") ? new ArrayType(type) : type;
  }

  private int integer() {
    space();
    int from = at;
    while (at < in.length() && Character.isDigit(in.charAt(at))) {
      at++;
    }
    return Integer.parseInt(in.substring(from, at));
  }

  private Expr primary() {
    space();
    char c = in.charAt(at);
    if (c == '(') {
      at++;
      Expr inner = infix(0);
      expect(")");
      return inner;
    }
    if (c == '\'') {
      return new Expr.Literal(string(), SimpleType.UNKNOWN);
    }
    if (Character.isDigit(c)) {
      return number(at, false);
    }
    int from = at;
    while (at < in.length() && (Character.isLetterOrDigit(in.charAt(at)) || in.charAt(at) == '_')) {
      at++;
    }
    return word(in.substring(from, at));
  }

  private Expr word(String word) {
    switch (word) {
      case "true", "false" -> {
        return new Expr.Literal(word.equals("true"), SimpleType.BOOLEAN);
      }
      case "NULL" -> {
        return new Expr.Literal(null, SimpleType.UNKNOWN);
      }
      case "ARRAY" -> {
        expect("[");
        List<Expr> elements = list("]");
        SqlType element =
            elements.get(0).type() == SimpleType.UNKNOWN ? SimpleType.TEXT : elements.get(0).type();
        return new Expr.ArrayConstructor(
            elements.stream().map(e -> cast(e, element)).toList(), new ArrayType(element));
      }
      default -> {}
    }
    space();
    if (at < in.length() && in.charAt(at) == '\'' && TYPES.containsKey(word)) {
      return cast(new Expr.Literal(string(), SimpleType.UNKNOWN), TYPES.get(word));
    }
    expect("(");
    return call(word.toLowerCase(Locale.ROOT), list(")"));
  }

  List<Expr> list(String end) {
    List<Expr> items = new ArrayList<>();
    if (accept(end)) {
      return items;
    }
    do {
      items.add(infix(0));
    } while (accept(","));
    expect(end);
    return items;
  }

  private String string() {
    StringBuilder text = new StringBuilder();
    at++;
    while (true) {
      char c = in.charAt(at++);
      if (c == '\'') {
        if (at < in.length() && in.charAt(at) == '\'') {
          at++;
        } else {
          return text.toString();
        }
      }
      text.append(c);
    }
  }

  private Expr number(int from, boolean negative) {
    at = from;
    while (at < in.length()
        && (Character.isDigit(in.charAt(at))
            || in.charAt(at) == '.'
            || (in.charAt(at) == 'e' && at > from))) {
      at++;
    }
    String digits = (negative ? "-" : "") + in.substring(from, at);
    if (digits.indexOf('.') >= 0 || digits.indexOf('e') >= 0) {
      BigDecimal value = new BigDecimal(digits);
      int scale = Math.max(0, value.scale());
      BigDecimal plain = value.setScale(scale);
      return new Expr.Literal(
          plain, new DecimalType(Math.max(plain.precision(), Math.max(scale, 1)), scale));
    }
    long value = Long.parseLong(digits);
    return new Expr.Literal(value, value == (int) value ? SimpleType.INTEGER : SimpleType.BIGINT);
  }

  static Expr cast(Expr value, SqlType to) {
    if (value.type().equals(to)) {
      return value;
    }
    if (value instanceof Expr.Literal(Object v, SqlType type) && type == SimpleType.UNKNOWN) {
      return v == null
          ? new Expr.Literal(null, to)
          : to == SimpleType.TEXT
              ? new Expr.Literal(v, to)
              : new Expr.Literal(PgText.parseValue(to, (String) v, TextStyle.DEFAULT), to);
    }
    return new Expr.Cast(value, to, true, true);
  }

  private Expr call(String name, List<Expr> arguments) {
    FunctionSignature best = null;
    int bestScore = -1;
    for (FunctionSignature s : registry.named(name)) {
      boolean arity =
          s.variadic()
              ? arguments.size() >= s.arguments().size()
              : arguments.size() == s.arguments().size();
      int score = arity ? score(s, arguments) : -1;
      if (score > bestScore) {
        best = s;
        bestScore = score;
      }
    }
    if (best == null) {
      throw new AssertionError(
          "no " + name + arguments.stream().map(a -> a.type().displayName()).toList());
    }
    List<Expr> cast = new ArrayList<>();
    SqlType element = elementType(best, arguments);
    for (int i = 0; i < arguments.size(); i++) {
      cast.add(coerce(arguments.get(i), declared(best, i), element));
    }
    SqlType type = best.result().resolve(cast.stream().map(Expr::type).toList());
    return new Expr.Call(best, cast, type, true);
  }

  private static ArgumentType declared(FunctionSignature s, int i) {
    return s.arguments().get(Math.min(i, s.arguments().size() - 1));
  }

  private static int score(FunctionSignature s, List<Expr> arguments) {
    int score = 0;
    for (int i = 0; i < arguments.size(); i++) {
      int one = score(declared(s, i), arguments.get(i).type());
      if (one < 0) {
        return -1;
      }
      score += one;
    }
    return score;
  }

  private static int score(ArgumentType declared, SqlType actual) {
    boolean unknown = actual == SimpleType.UNKNOWN;
    return switch (declared) {
      case ArgumentType.Exact(SqlType type) -> {
        if (type.equals(actual) || (type == SimpleType.TEXT && isText(actual))) {
          yield 10;
        }
        if (unknown) {
          yield type == SimpleType.TEXT ? 5 : 3;
        }
        yield implicit(actual, type) ? 2 : -1;
      }
      case ArgumentType.AnyNumeric n ->
          actual instanceof DecimalType || actual == SimpleType.NUMERIC
              ? 10
              : unknown ? 2 : Casts.isInteger(actual) ? 1 : -1;
      case ArgumentType.AnyArray a ->
          actual instanceof ArrayType
                  || actual == SimpleType.OIDVECTOR
                  || actual == SimpleType.INT2VECTOR
              ? 9
              : unknown ? 1 : -1;
      case ArgumentType.AnyElement e -> unknown ? 1 : 4;
      case ArgumentType.Any a -> 1;
    };
  }

  private static boolean isText(SqlType type) {
    return type instanceof VarcharType || type instanceof CharType || type == SimpleType.NAME;
  }

  private static boolean implicit(SqlType from, SqlType to) {
    List<SqlType> order =
        List.of(
            SimpleType.SMALLINT,
            SimpleType.INTEGER,
            SimpleType.BIGINT,
            SimpleType.REAL,
            SimpleType.DOUBLE);
    if (from instanceof DecimalType || from == SimpleType.NUMERIC) {
      return to == SimpleType.DOUBLE || to == SimpleType.REAL;
    }
    if (order.contains(from) && order.contains(to)) {
      return order.indexOf(from) < order.indexOf(to);
    }
    if (Casts.isInteger(from)) {
      return to == SimpleType.OID;
    }
    if (from == SimpleType.OID && to == SimpleType.REGCLASS) {
      return true;
    }
    return (from == SimpleType.DATE && (to == SimpleType.TIMESTAMP || to == SimpleType.TIMESTAMPTZ))
        || (from == SimpleType.TIMESTAMP && to == SimpleType.TIMESTAMPTZ);
  }

  private static SqlType elementType(FunctionSignature s, List<Expr> arguments) {
    SqlType found = SimpleType.TEXT;
    for (int i = arguments.size() - 1; i >= 0; i--) {
      SqlType actual = arguments.get(i).type();
      if (declared(s, i) instanceof ArgumentType.AnyArray && actual instanceof ArrayType a) {
        return a.element();
      }
      if (declared(s, i) instanceof ArgumentType.AnyElement && actual != SimpleType.UNKNOWN) {
        found = actual;
      }
    }
    return found;
  }

  private static Expr coerce(Expr value, ArgumentType declared, SqlType element) {
    return switch (declared) {
      case ArgumentType.Exact(SqlType type) ->
          type == SimpleType.TEXT && isText(value.type()) ? value : cast(value, type);
      case ArgumentType.AnyNumeric n ->
          switch (value.type()) {
            case DecimalType d -> value;
            case SimpleType t when t == SimpleType.SMALLINT -> cast(value, new DecimalType(5, 0));
            case SimpleType t when t == SimpleType.INTEGER -> cast(value, new DecimalType(10, 0));
            case SimpleType t when t == SimpleType.BIGINT -> cast(value, new DecimalType(19, 0));
            default -> cast(value, SimpleType.NUMERIC);
          };
      case ArgumentType.AnyArray a ->
          value.type() instanceof ArrayType || value.type() != SimpleType.UNKNOWN
              ? value
              : cast(value, new ArrayType(element));
      case ArgumentType.AnyElement e -> cast(value, element);
      case ArgumentType.Any a ->
          value.type() == SimpleType.UNKNOWN ? cast(value, SimpleType.TEXT) : value;
    };
  }

  static String unquote(@Nullable String text) {
    return Objects.requireNonNullElse(text, "NULL");
  }
}
