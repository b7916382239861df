package dev.aevum.connectors.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import org.junit.jupiter.api.Test;

class JsonDecoderTest {
  private static final RowFormat JSON = new RowFormat(true, false, CsvDialect.DEFAULT);

  private static Decoding two() {
    return new Decoding(JSON, "id!", SimpleType.BIGINT, "name", SimpleType.TEXT);
  }

  @Test
  void readsFieldsInAnyOrderAndIgnoresOthers() {
    try (Decoding d = two()) {
      d.row("{\"id\":1,\"name\":\"a\"}")
          .row(" { \"name\" : \"b\" , \"x\" : {\"y\":[1,{\"z\":null}],\"e\":{}} , \"id\" : 2 } ")
          .row("{\"id\":3}")
          .row("{\"id\":4,\"name\":null}");
      assertThat(d.rows()).containsExactly("1|a", "2|b", "3|~", "4|~");
      assertThat(d.errors).isEmpty();
    }
  }

  @Test
  void theLastOfEqualFieldsWinsAndExactNamesBeatOthers() {
    try (Decoding d = two()) {
      d.row("{\"id\":1,\"id\":2,\"name\":\"a\",\"name\":null}")
          .row("{\"ID\":1,\"Name\":\"x\"}")
          .row("{\"ID\":1,\"id\":2}")
          .row("{\"id\":3,\"ID\":1}")
          .row("{\"ID\":1,\"Id\":2}");
      assertThat(d.rows()).containsExactly("2|~", "1|x", "2|~", "3|~");
      assertThat(d.errors)
          .containsExactly("42702 fields \"ID\" and \"Id\" both match column \"id\"");
    }
  }

  @Test
  void unescapesStringsAndNames() {
    try (Decoding d = two()) {
      d.row(
              "{\"i\\u0064\":\"12\",\"name\":\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00é😀\"}")
          .row("{\"id\":1,\"name\":\"\\ud83d\"}")
          .row("{\"id\":1,\"name\":\"\\u0000\"}");
      assertThat(d.rows()).containsExactly("12|a\"\\/\b\f\n\r\té😀é😀");
      assertThat(d.errors)
          .containsExactly(
              "22P02 invalid input syntax for type json: Unicode surrogate without its other half",
              "22P05 unsupported Unicode escape sequence: \\u0000 cannot be converted to text");
    }
  }

  @Test
  void valuesAreReadAsPostgresReadsTheirText() {
    try (Decoding d =
        new Decoding(
            JSON,
            "b",
            SimpleType.BOOLEAN,
            "i",
            SimpleType.INTEGER,
            "d",
            new DecimalType(10, 2),
            "n",
            SimpleType.NUMERIC,
            "f",
            SimpleType.DOUBLE,
            "t",
            SimpleType.TEXT,
            "ts",
            SimpleType.TIMESTAMPTZ,
            "j",
            SimpleType.JSON,
            "a",
            new ArrayType(SimpleType.TEXT))) {
      d.row(
              "{\"b\":true,\"i\":-7,\"d\":1.005,\"n\":1e2,\"f\":1.5e3,\"t\":12.50,"
                  + "\"ts\":\"2024-01-01T10:00:00.5Z\",\"j\":{\"a\": [1]},\"a\":[\"x,\\\"y\\\"\",null,3]}")
          .row(
              "{\"b\":\"f\",\"i\":\"8\",\"d\":\"2\",\"n\":\"NaN\",\"f\":\"-Infinity\",\"t\":[1, 2],"
                  + "\"ts\":\"2024-01-01 10:00:00+02\",\"j\":\"s\",\"a\":\"{1,2}\"}");
      assertThat(d.errors).isEmpty();
      assertThat(d.rows())
          .containsExactly(
              "t|-7|1.01|100|1500|12.50|2024-01-01 10:00:00.5+00|{\"a\": [1]}|{\"x,\\\"y\\\"\",NULL,3}",
              "f|8|2.00|NaN|-Infinity|[1, 2]|2024-01-01 08:00:00+00|\"s\"|{1,2}");
    }
  }

  @Test
  void refusedRowsSayWhyAndLeaveNothingBehind() {
    try (Decoding d =
        new Decoding(
            JSON,
            "name",
            SimpleType.TEXT,
            "id!",
            SimpleType.BIGINT,
            "s",
            SimpleType.SMALLINT,
            "ts",
            SimpleType.TIMESTAMP)) {
      d.row("{\"id\":1,\"name\":\"good\"}")
          .row("{\"name\":\"half\",\"id\":\"abc\"}")
          .row("{\"id\":1.5}")
          .row("{\"id\":99999999999999999999}")
          .row("{\"id\":1,\"s\":40000}")
          .row("{\"id\":1,\"ts\":\"yesterdayish\"}")
          .row("{\"id\":null}")
          .row("{\"id\":1,\"ts\":\"2024-02-30 00:00:00\"}")
          .row("{\"id\":2,\"name\":\"good\"}");
      assertThat(d.rows()).containsExactly("good|1|~|~", "good|2|~|~");
      assertThat(d.errors)
          .map(e -> e.replace(" without time zone", ""))
          .containsExactly(
              "22P02 column \"id\": invalid input syntax for type bigint: \"abc\"",
              "22P02 column \"id\": invalid input syntax for type bigint: \"1.5\"",
              "22003 column \"id\": value \"99999999999999999999\" is out of range for type bigint",
              "22003 column \"s\": value \"40000\" is out of range for type smallint",
              "22007 column \"ts\": invalid input syntax for type timestamp: \"yesterdayish\"",
              "23502 null value in column \"id\" of relation \"t\" violates not-null constraint",
              "22008 column \"ts\": date/time field value out of range: \"2024-02-30 00:00:00\"");
    }
  }

  @Test
  void malformedTextIsRefusedWithItsPlace() {
    try (Decoding d = two()) {
      d.row("").row("[1]").row("{\"id\":1").row("{\"id\":1}x").row("{\"id\":01}").row("{id:1}");
      d.row("{\"id\":1,}").row("{\"id\":1 \"name\":2}").row("{\"x\":[1,]}").row("{\"x\":\"a\nb\"}");
      d.row("{\"x\":tru}")
          .row("{\"x\":{\"a\":1]}")
          .row("{\"x\":\"\\q\"}")
          .row("{\"x\":\"\\u12g4\"}");
      assertThat(d.rows()).isEmpty();
      assertThat(d.errors)
          .hasSize(14)
          .allMatch(e -> e.startsWith("22P02 invalid input syntax for type json"));
      assertThat(d.errors.get(3)).endsWith("unexpected \"x\" at character 9");
      assertThat(d.errors.get(2)).endsWith("the input ends too early");
    }
  }

  @Test
  void invalidUtf8IsRefused() {
    try (Decoding d = two()) {
      byte[] bad = "{\"id\":1,\"name\":\"aXb\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
      bad[17] = (byte) 0xff;
      d.row(bad);
      assertThat(d.rows()).isEmpty();
      assertThat(d.errors).hasSize(1).allMatch(e -> e.startsWith("22021"));
    }
  }
}
