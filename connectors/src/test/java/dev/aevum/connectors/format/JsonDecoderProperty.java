package dev.aevum.connectors.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.aevum.model.type.SimpleType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Random and mutated objects: the decoder accepts what Jackson accepts and reads the same strings.
class JsonDecoderProperty {
  private static final RowFormat JSON = new RowFormat(true, false, CsvDialect.DEFAULT);
  private static final String[] NAMES = {"a", "b", "c", "other", "", "a b", "\\u0061"};
  private static final String[] PIECES = {
    "x",
    "é",
    "😀",
    "\\n",
    "\\\"",
    "\\\\",
    "\\u00e9",
    "\\ud83d\\ude00",
    " ",
    "longer text here",
    "\\/"
  };

  @Test
  void agreesWithJackson() throws IOException {
    long seed = Long.getLong("aevum.seed", 20_240_101L);
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    int accepted = 0;
    try (Decoding d =
        new Decoding(JSON, "a", SimpleType.TEXT, "b", SimpleType.TEXT, "c", SimpleType.TEXT)) {
      for (int i = 0; i < 30_000; i++) {
        byte[] bytes = object(random).getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(2) == 0 && bytes.length > 0) {
          // Only ASCII: broken UTF-8 in fields that nobody reads goes unseen, by design.
          int at = random.nextInt(bytes.length);
          bytes[at] =
              bytes[at] < 0 ? bytes[at] : (byte) " {}[]\",:\\0-e.truex1".charAt(random.nextInt(19));
        }
        if (hasHalfPair(bytes)) {
          continue; // refused here as in PostgreSQL; Jackson lets it pass
        }
        String expected = reference(bytes);
        d.errors.clear();
        List<String> rows = d.row(bytes).rows();
        String found = rows.isEmpty() ? null : rows.getFirst();
        if (expected == null ? found != null : !expected.equals(found)) {
          fail(
              "seed "
                  + seed
                  + " case "
                  + i
                  + ": "
                  + new String(bytes, StandardCharsets.UTF_8)
                  + " expected "
                  + expected
                  + " found "
                  + found
                  + " "
                  + d.errors);
        }
        accepted += expected == null ? 0 : 1;
      }
    }
    assertThat(accepted).isBetween(12_000, 29_000);
  }

  private static boolean hasHalfPair(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8).replace("\\ud83d\\ude00", "");
    return text.matches("(?s).*\\\\u[dD][89a-fA-F].*");
  }

  private static String object(SplittableRandom random) {
    StringBuilder text = new StringBuilder("{");
    int fields = random.nextInt(5);
    for (int f = 0; f < fields; f++) {
      text.append(f > 0 ? "," : "").append(" ".repeat(random.nextInt(2))).append('"');
      text.append(NAMES[random.nextInt(NAMES.length)]).append("\":");
      value(random, text, 0);
    }
    return text.append('}').toString();
  }

  private static void value(SplittableRandom random, StringBuilder text, int depth) {
    switch (random.nextInt(depth > 2 ? 5 : 7)) {
      case 0 -> text.append("null");
      case 1 -> text.append(random.nextBoolean());
      case 2 -> text.append(random.nextInt(-1000, 1000));
      case 3 -> text.append(random.nextInt(100)).append(".5e").append(random.nextInt(-5, 5));
      case 4 -> {
        text.append('"');
        for (int i = random.nextInt(4); i > 0; i--) {
          text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        text.append('"');
      }
      case 5 -> {
        text.append('[');
        for (int i = random.nextInt(3), first = i; i > 0; i--) {
          text.append(i < first ? "," : "");
          value(random, text, depth + 1);
        }
        text.append(']');
      }
      default -> {
        text.append('{');
        for (int i = random.nextInt(3), first = i; i > 0; i--) {
          text.append(i < first ? "," : "").append("\"k\":");
          value(random, text, depth + 1);
        }
        text.append('}');
      }
    }
  }

  /// What the row should be by Jackson; null where it must be refused.
  private static String reference(byte[] bytes) throws IOException {
    String[] cells = {"~", "~", "~"};
    boolean[] exact = new boolean[3];
    List<String>[] folded = foldedNames();
    try (JsonParser parser = new JsonFactory().createParser(bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        int from = (int) parser.currentTokenLocation().getByteOffset();
        String text = null;
        boolean scalar = parser.currentToken().isScalarValue();
        if (scalar) {
          text = parser.currentToken() == JsonToken.VALUE_NULL ? "~" : parser.getText();
        } else {
          parser.skipChildren();
          int to = (int) parser.currentLocation().getByteOffset();
          text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        }
        for (int c = 0; c < 3; c++) {
          String column = String.valueOf((char) ('a' + c));
          if (name.equals(column)) {
            exact[c] = true;
            cells[c] = text;
          } else if (name.equalsIgnoreCase(column) && !exact[c]) {
            folded[c].add(name);
            cells[c] = text;
          }
        }
      }
      if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
        return null;
      }
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      return null;
    }
    return String.join("|", cells);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of lists, for three fixed columns
  private static List<String>[] foldedNames() {
    List[] lists = {new ArrayList<String>(), new ArrayList<String>(), new ArrayList<String>()};
    return lists;
  }
}
