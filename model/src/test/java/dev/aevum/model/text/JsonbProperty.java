package dev.aevum.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.JsonbKey;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random documents, written with any blanks, escapes, orders and repeated keys: their canonical
/// text, keys and paths are those of the tree that they were made from.
class JsonbProperty {
  private static final long SEED = 20_261_123;
  private static final int DOCUMENTS = 3_000;
  private static final Comparator<String> STORED =
      Comparator.<String>comparingInt(k -> utf8(k).length)
          .thenComparing(JsonbProperty::utf8, Arrays::compareUnsigned);

  private final SplittableRandom random = new SplittableRandom(SEED);

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private @Nullable Object tree(int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 5)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> BigDecimal.valueOf(random.nextInt(-3, 4), random.nextInt(3));
      case 3 -> new BigDecimal(random.nextLong()).scaleByPowerOfTen(random.nextInt(-20, 20));
      case 4 -> text();
      case 5 -> {
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(tree(depth - 1));
        }
        yield list;
      }
      default -> {
        Map<String, @Nullable Object> map = new TreeMap<>(STORED);
        for (int i = random.nextInt(4); i > 0; i--) {
          map.put(text(), tree(depth - 1));
        }
        yield map;
      }
    };
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(
          List.of("a", "b", "\"", "\\", "\n", "\u0001", "é", "😁", "{", ",")
              .get(random.nextInt(10)));
    }
    return text.toString();
  }

  /// As anyone might write it.
  private String loose(@Nullable Object value) {
    String blank = random.nextInt(3) == 0 ? " \t\n" : "";
    String body =
        switch (value) {
          case null -> "null";
          case Boolean b -> b.toString();
          case BigDecimal n -> n.toString().replace('E', random.nextBoolean() ? 'e' : 'E');
          case String s -> looseString(s);
          case List<?> list ->
              list.stream().map(this::loose).reduce((a, b) -> a + "," + b).orElse("");
          case Map<?, ?> map -> members(map);
          default -> throw new IllegalStateException(value.toString());
        };
    return blank
        + switch (value) {
          case List<?> list -> "[" + body + blank + "]";
          case Map<?, ?> map -> "{" + body + blank + "}";
          case null, default -> body;
        }
        + blank;
  }

  private String members(Map<?, ?> map) {
    List<String> members = new ArrayList<>();
    for (Entry<?, ?> entry : map.entrySet()) {
      String key = looseString((String) entry.getKey());
      if (random.nextInt(4) == 0) {
        members.add(0, key + ":" + loose("overridden"));
      }
      members.add(key + ": " + loose(entry.getValue()));
    }
    if (members.size() == map.size()) {
      for (int i = members.size() - 1; i > 0; i--) {
        java.util.Collections.swap(members, i, random.nextInt(i + 1));
      }
    }
    return String.join(",", members);
  }

  private String looseString(String s) {
    StringBuilder out = new StringBuilder("\"");
    s.codePoints()
        .forEach(c -> {
          boolean must = c == '"' || c == '\\' || c < ' ';
          for (char unit : Character.toChars(c)) {
            out.append(must || (c & 1) == 1 ? "\\u%04X".formatted((int) unit) : unit);
          }
        });
    return out.append('"').toString();
  }

  private static String canonical(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case BigDecimal n -> n.toPlainString();
      case String s -> canonicalString(s);
      case List<?> list ->
          "[" + String.join(", ", list.stream().map(JsonbProperty::canonical).toList()) + "]";
      case Map<?, ?> map ->
          "{"
              + String.join(
                  ", ",
                  map.entrySet().stream()
                      .map(e ->
                          canonicalString((String) e.getKey()) + ": " + canonical(e.getValue()))
                      .toList())
              + "}";
      default -> value.toString();
    };
  }

  private static String canonicalString(String s) {
    return "\""
        + s.replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replace("\u0001", "\\u0001")
        + "\"";
  }

  private static String parsed(String json) {
    byte[] bytes = utf8(json);
    ByteSink out = new ByteSink();
    JsonbText.append(MemorySegment.ofArray(bytes), 0, bytes.length, out);
    return out.toText(0);
  }

  private static byte[] key(@Nullable Object value) {
    byte[] bytes = utf8(canonical(value));
    ByteSink out = new ByteSink();
    JsonbKey.append(MemorySegment.ofArray(bytes), 0, bytes.length, out);
    return out.toBytes();
  }

  private static int rank(@Nullable Object value) {
    return switch (value) {
      case null -> 1;
      case String s -> 2;
      case BigDecimal n -> 3;
      case Boolean b -> 4;
      case List<?> list -> 5;
      default -> 6;
    };
  }

  private static boolean isEmptyList(@Nullable Object value) {
    return value instanceof List<?> list && list.isEmpty();
  }

  /// `compareJsonbContainers` over trees.
  private static int compare(@Nullable Object a, @Nullable Object b, boolean top) {
    if (top && (isEmptyList(a) || isEmptyList(b))) {
      return Boolean.compare(isEmptyList(b), isEmptyList(a));
    }
    if (rank(a) != rank(b)) {
      return Integer.compare(rank(a), rank(b));
    }
    return switch (a) {
      case null -> 0;
      case String s -> Integer.signum(Arrays.compareUnsigned(utf8(s), utf8((String) b)));
      case BigDecimal n -> n.compareTo((BigDecimal) b);
      case Boolean x -> x.compareTo((Boolean) b);
      case List<?> x -> inTurn(x, (List<?>) b, 1);
      case Map<?, ?> x -> inTurn(flat(x), flat((Map<?, ?>) b), 2);
      default -> throw new IllegalStateException(a.toString());
    };
  }

  private static List<@Nullable Object> flat(Map<?, ?> map) {
    List<@Nullable Object> flat = new ArrayList<>();
    map.forEach((k, v) -> {
      flat.add(k);
      flat.add(v);
    });
    return flat;
  }

  private static int inTurn(List<?> a, List<?> b, int step) {
    int order = Integer.compare(a.size() / step, b.size() / step);
    for (int i = 0; order == 0 && i < a.size(); i++) {
      order = compare(a.get(i), b.get(i), false);
    }
    return order;
  }

  @Test
  void canonicalTextIsThatOfTheTree() {
    for (int i = 0; i < DOCUMENTS; i++) {
      Object tree = tree(4);
      String loose = loose(tree);
      String canonical = canonical(tree);
      assertThat(parsed(loose)).as("seed %d, %s", SEED, loose).isEqualTo(canonical);
      assertThat(parsed(canonical)).isEqualTo(canonical);
    }
  }

  @Test
  void keysOrderAsPostgresDoes() {
    for (int i = 0; i < DOCUMENTS; i++) {
      Object a = tree(3);
      Object b = random.nextInt(4) == 0 ? tree(3) : tree(1);
      assertThat(Integer.signum(Arrays.compareUnsigned(key(a), key(b))))
          .as("seed %d, %s against %s", SEED, canonical(a), canonical(b))
          .isEqualTo(compare(a, b, true));
    }
  }

  @Test
  void pathsFindWhatTheTreeHas() {
    for (int i = 0; i < DOCUMENTS; i++) {
      Object tree = tree(4);
      boolean canonical = random.nextBoolean();
      byte[] bytes = utf8(canonical ? canonical(tree) : loose(tree));
      MemorySegment s = MemorySegment.ofArray(bytes);
      JsonPath path = new JsonPath(canonical);
      for (int at = -3; tree instanceof List<?> list && at < 4; at++) {
        path.start(s, 0, bytes.length);
        int index = at < 0 ? at + list.size() : at;
        boolean exists = index >= 0 && index < list.size();
        assertThat(path.element(at)).isEqualTo(exists);
        assertThat(exists ? parsed(shown(path)) : "")
            .isEqualTo(exists ? canonical(list.get(index)) : "");
      }
      if (tree instanceof Map<?, ?> map) {
        List<Object> names = new ArrayList<>(List.of("a", "b", "", "\"", "ab"));
        names.addAll(map.keySet());
        for (Object name : names) {
          path.start(s, 0, bytes.length);
          byte[] wanted = utf8((String) name);
          boolean exists = map.containsKey(name);
          assertThat(path.member(MemorySegment.ofArray(wanted), 0, wanted.length))
              .isEqualTo(exists);
          assertThat(exists ? parsed(shown(path)) : "")
              .isEqualTo(exists ? canonical(map.get(name)) : "");
        }
      }
    }
  }

  private static String shown(JsonPath path) {
    ByteSink out = new ByteSink();
    path.append(out);
    return out.toText(0);
  }

  @Test
  void whatIsNoTextIsRefused() {
    assertThatThrownBy(() -> parsed("\"\\u0000\"")).hasMessageContaining("unsupported Unicode");
    for (String half :
        List.of("\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\ud800\"", "\"\\ud800x\"")) {
      assertThatThrownBy(() -> parsed(half)).as(half).hasMessageContaining("invalid input syntax");
    }
    assertThatThrownBy(() -> parsed("1e999999")).hasMessageContaining("overflows numeric format");
    assertThatThrownBy(() -> parsed("[".repeat(2000) + "]".repeat(2000)))
        .hasMessageContaining("nested too deeply");
  }
}
