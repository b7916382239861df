package dev.aevum.testing.reference;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Values of type jsonb as trees: Map, List, String, BigDecimal, Boolean, null. Members are in the
/// order in which PostgreSQL keeps them: by length, then by bytes.
final class ReferenceJson {
  private static final Comparator<String> BY_KEY =
      (a, b) -> {
        byte[] x = a.getBytes(StandardCharsets.UTF_8);
        byte[] y = b.getBytes(StandardCharsets.UTF_8);
        return x.length != y.length
            ? Integer.compare(x.length, y.length)
            : Arrays.compareUnsigned(x, y);
      };

  private final String text;
  private int at;

  private ReferenceJson(String text) {
    this.text = text;
  }

  /// An object whose `equals` is that of jsonb.
  record Key(@Nullable Object tree) {}

  /// What a path leads to; a JSON null is a value too.
  private record Found(@Nullable Object tree) {}

  static @Nullable Object tree(String text) {
    ReferenceJson reader = new ReferenceJson(text);
    Object value = reader.value();
    reader.blanks();
    if (reader.at < text.length()) {
      throw reader.malformed();
    }
    return value;
  }

  /// The text that PostgreSQL keeps of JSON.
  static String canonical(String text) {
    return shown(tree(text));
  }

  static Key key(String text) {
    return new Key(stripped(tree(text)));
  }

  private static @Nullable Object stripped(@Nullable Object tree) {
    return switch (tree) {
      case BigDecimal n -> n.signum() == 0 ? BigDecimal.ZERO : n.stripTrailingZeros();
      case List<?> list -> {
        List<@Nullable Object> all = new ArrayList<>();
        list.forEach(e -> all.add(stripped(e)));
        yield all;
      }
      case Map<?, ?> map -> {
        Map<Object, @Nullable Object> all = new TreeMap<>();
        map.forEach((k, v) -> all.put(k, stripped(v)));
        yield all;
      }
      case null, default -> tree;
    };
  }

  private SqlException malformed() {
    return new SqlException(
        ErrorCode.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type json");
  }

  private void blanks() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean take(char c) {
    blanks();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!take(c)) {
      throw malformed();
    }
  }

  private @Nullable Object value() {
    if (take('{')) {
      return members();
    }
    if (take('[')) {
      return elements();
    }
    if (take('"')) {
      return string();
    }
    int from = at;
    while (at < text.length() && ",]} \t\n\r:".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String word = text.substring(from, at);
    return switch (word) {
      case "null" -> null;
      case "true" -> true;
      case "false" -> false;
      default -> {
        if (!word.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
          throw malformed();
        }
        BigDecimal number = new BigDecimal(word);
        yield number.scale() < 0 ? number.setScale(0) : number;
      }
    };
  }

  private Map<String, @Nullable Object> members() {
    Map<String, @Nullable Object> all = new TreeMap<>(BY_KEY);
    if (take('}')) {
      return all;
    }
    do {
      expect('"');
      String name = string();
      expect(':');
      all.put(name, value());
    } while (take(','));
    expect('}');
    return all;
  }

  private List<@Nullable Object> elements() {
    List<@Nullable Object> all = new ArrayList<>();
    if (take(']')) {
      return all;
    }
    do {
      all.add(value());
    } while (take(','));
    expect(']');
    return all;
  }

  /// Behind its first quote.
  private String string() {
    StringBuilder out = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return out.toString();
      }
      if (c < ' ') {
        break;
      }
      out.append(c == '\\' ? escaped() : c);
    }
    throw malformed();
  }

  private char escaped() {
    char c = at < text.length() ? text.charAt(at++) : 'x';
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        if (at + 4 > text.length() || !text.substring(at, at + 4).matches("[0-9a-fA-F]{4}")) {
          throw malformed();
        }
        char code = (char) Integer.parseInt(text.substring(at, at + 4), 16);
        at += 4;
        yield code;
      }
      default -> throw malformed();
    };
  }

  static String shown(@Nullable Object tree) {
    return switch (tree) {
      case null -> "null";
      case BigDecimal n -> n.toPlainString();
      case String s -> quoted(s);
      case List<?> list ->
          "[" + String.join(", ", list.stream().<String>map(ReferenceJson::shown).toList()) + "]";
      case Map<?, ?> map -> {
        List<String> members = new ArrayList<>();
        map.forEach((k, v) -> members.add(quoted((String) k) + ": " + shown(v)));
        yield "{" + String.join(", ", members) + "}";
      }
      default -> tree.toString();
    };
  }

  private static String quoted(String s) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      int escape = "\"\\\b\f\n\r\t".indexOf(c);
      if (escape >= 0) {
        out.append('\\').append("\"\\bfnrt".charAt(escape));
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }

  static int compare(String a, String b) {
    Object x = tree(a);
    Object y = tree(b);
    // Kept by PostgreSQL for its indexes: as a whole value, the empty array is the least.
    boolean emptyX = x instanceof List<?> l && l.isEmpty();
    boolean emptyY = y instanceof List<?> l && l.isEmpty();
    return emptyX || emptyY ? Boolean.compare(emptyY, emptyX) : compareTrees(x, y);
  }

  private static int rank(@Nullable Object tree) {
    return switch (tree) {
      case null -> 0;
      case String s -> 1;
      case BigDecimal n -> 2;
      case Boolean b -> 3;
      case List<?> l -> 4;
      default -> 5;
    };
  }

  private static int compareTrees(@Nullable Object a, @Nullable Object b) {
    if (a == null || b == null || rank(a) != rank(b)) {
      return Integer.compare(rank(a), rank(b));
    }
    return switch (a) {
      case String x ->
          Arrays.compareUnsigned(
              x.getBytes(StandardCharsets.UTF_8), ((String) b).getBytes(StandardCharsets.UTF_8));
      case BigDecimal x -> x.compareTo((BigDecimal) b);
      case Boolean x -> x.compareTo((Boolean) b);
      case List<?> x -> compareInTurn(x, (List<?>) b);
      default -> compareInTurn(flat((Map<?, ?>) a), flat((Map<?, ?>) b));
    };
  }

  /// The longer one is greater.
  private static int compareInTurn(List<?> a, List<?> b) {
    int order = Integer.compare(a.size(), b.size());
    for (int i = 0; order == 0 && i < a.size(); i++) {
      order = compareTrees(a.get(i), b.get(i));
    }
    return order;
  }

  private static List<@Nullable Object> flat(Map<?, ?> map) {
    List<@Nullable Object> all = new ArrayList<>();
    map.forEach((k, v) -> {
      all.add(k);
      all.add(v);
    });
    return all;
  }

  /// A function of a document and what it asks for.
  static @Nullable Object call(String name, List<Object> a) {
    Object tree = tree((String) a.getFirst());
    return switch (name) {
      case "->", "#>" -> {
        Found found = name.equals("->") ? step(tree, a.get(1)) : path(tree, (List<?>) a.get(1));
        yield found == null ? null : shown(found.tree());
      }
      case "->>", "#>>" -> {
        Found found = name.equals("->>") ? step(tree, a.get(1)) : path(tree, (List<?>) a.get(1));
        yield found == null || found.tree() == null
            ? null
            : found.tree() instanceof String s ? s : shown(found.tree());
      }
      case "jsonb_typeof" ->
          List.of("null", "string", "number", "boolean", "array", "object").get(rank(tree));
      case "jsonb_array_length" -> {
        if (tree instanceof List<?> list) {
          yield (long) list.size();
        }
        throw new SqlException(
            ErrorCode.INVALID_PARAMETER_VALUE,
            "cannot get array length of a " + (tree instanceof Map ? "non-array" : "scalar"));
      }
      default -> throw ReferenceErrors.unknown("function " + name + " of jsonb");
    };
  }

  /// A scalar is kept as an array of one, and so its element 0 is the scalar.
  private static @Nullable Found step(@Nullable Object tree, Object wanted) {
    if (wanted instanceof String name) {
      return tree instanceof Map<?, ?> map && map.containsKey(name)
          ? new Found(map.get(name))
          : null;
    }
    if (tree instanceof Map) {
      return null;
    }
    List<?> list = tree instanceof List<?> l ? l : java.util.Collections.singletonList(tree);
    return element(list, (Long) wanted);
  }

  private static @Nullable Found element(List<?> list, long index) {
    long place = index < 0 ? index + list.size() : index;
    return place < 0 || place >= list.size() ? null : new Found(list.get((int) place));
  }

  private static @Nullable Found path(@Nullable Object tree, List<?> steps) {
    Found here = new Found(tree);
    for (Object step : steps) {
      if (step == null) {
        return null;
      }
      String name = (String) step;
      Found next =
          switch (here.tree()) {
            case Map<?, ?> map when map.containsKey(name) -> new Found(map.get(name));
            case List<?> list when name.matches("\\s*[+-]?[0-9]{1,9}") ->
                element(list, Long.parseLong(name.strip()));
            case null, default -> null;
          };
      if (next == null) {
        return null;
      }
      here = next;
    }
    return here;
  }

  /// A jsonb number or boolean on its way to a type; null is NULL.
  static @Nullable Object scalar(String text, SqlType to) {
    Object tree = tree(text);
    if (tree == null
        || (to == SimpleType.BOOLEAN ? tree instanceof Boolean : tree instanceof BigDecimal)) {
      return tree;
    }
    String kind =
        List.of("null", "string", "numeric", "boolean", "array", "object").get(rank(tree));
    String name = to instanceof DecimalType ? "numeric" : to.displayName();
    throw new SqlException(
        ErrorCode.INVALID_PARAMETER_VALUE, "cannot cast jsonb " + kind + " to type " + name);
  }
}
