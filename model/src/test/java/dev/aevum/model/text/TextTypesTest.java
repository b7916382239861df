package dev.aevum.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import java.lang.foreign.MemorySegment;
import java.time.ZoneId;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

/// Lengths of character types, encodings, session styles.
class TextTypesTest {
  private static Object value(SqlType type, String text) {
    return PgText.parseValue(type, text, TextStyle.DEFAULT);
  }

  @Test
  void charactersAreCountedByCodePoint() {
    assertThat(value(new VarcharType(3), "äö😀")).isEqualTo("äö😀");
    assertThat(value(new VarcharType(3), "abc  ")).isEqualTo("abc");
    assertThat(value(new CharType(4), "😀")).isEqualTo("😀   ");
    assertThat(value(new CharType(2), "ab   ")).isEqualTo("ab");
    assertThatThrownBy(() -> value(new VarcharType(3), "abcd"))
        .isInstanceOfSatisfying(
            SqlException.class, e -> assertThat(e.sqlState()).isEqualTo("22001"))
        .hasMessage("value too long for type character varying(3)");
    assertThatThrownBy(() -> value(new CharType(3), "abcd"))
        .hasMessage("value too long for type character(3)");
  }

  @Test
  void refusesWhatIsNotUtf8() {
    byte[][] wrong = {
      {0},
      {'a', 0},
      {(byte) 0xff},
      {(byte) 0xc0, (byte) 0x80},
      {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
      {(byte) 0xe2, (byte) 0x82},
      {'1', '2', '3', '4', '5', '6', '7', '8', (byte) 0x80},
      {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
      {'1', '2', '3', 0, '5', '6', '7', '8'}
    };
    try (RootAllocator allocator = new RootAllocator();
        ColumnWriter writer = new ColumnWriter(allocator, SimpleType.TEXT, 1)) {
      for (byte[] bytes : wrong) {
        assertThatThrownBy(() ->
                PgText.parse(
                    MemorySegment.ofArray(bytes), 0, bytes.length, TextStyle.DEFAULT, writer))
            .isInstanceOfSatisfying(
                SqlException.class, e -> assertThat(e.sqlState()).isEqualTo("22021"))
            .hasMessageStartingWith("invalid byte sequence for encoding \"UTF8\": 0x");
      }
      assertThat(writer.rows()).isZero();
    }
  }

  @Test
  void zonesOfTheSessionDecideReadingAndWriting() {
    TextStyle newYork = TextStyle.DEFAULT.withTimeZone(ZoneId.of("America/New_York"));
    Object summer = PgText.parseValue(SimpleType.TIMESTAMPTZ, "2020-07-01 12:00:00", newYork);
    assertThat(PgText.formatValue(SimpleType.TIMESTAMPTZ, summer, TextStyle.DEFAULT))
        .isEqualTo("2020-07-01 16:00:00+00");
    assertThat(PgText.formatValue(SimpleType.TIMESTAMPTZ, summer, newYork))
        .isEqualTo("2020-07-01 12:00:00-04");
    TextStyle kolkata = TextStyle.DEFAULT.withTimeZone(ZoneId.of("Asia/Kolkata"));
    assertThat(PgText.formatValue(SimpleType.TIMESTAMPTZ, summer, kolkata))
        .isEqualTo("2020-07-01 21:30:00+05:30");
  }

  @Test
  void byteaOutputEscape() {
    TextStyle escape =
        new TextStyle(ZoneId.of("UTC"), false, IntervalStyle.POSTGRES, TextStyle.DEFAULT.names());
    assertThat(PgText.formatValue(SimpleType.BYTEA, new byte[] {0, 'a', '\\', (byte) 0xff}, escape))
        .isEqualTo("\\000a\\\\\\377");
  }

  @Test
  void currentTimeIsNoText() {
    for (String word : new String[] {"now", "today", "Tomorrow", "yesterday"}) {
      assertThatThrownBy(() -> value(SimpleType.TIMESTAMPTZ, word))
          .isInstanceOfSatisfying(
              SqlException.class, e -> assertThat(e.sqlState()).isEqualTo("0A000"));
    }
  }

  @Test
  void failedParseLeavesTheWriterAsItWas() {
    try (RootAllocator allocator = new RootAllocator();
        ColumnWriter writer = new ColumnWriter(allocator, SimpleType.INTEGER, 1)) {
      PgText.parse("7", TextStyle.DEFAULT, writer);
      assertThatThrownBy(() -> PgText.parse("x", TextStyle.DEFAULT, writer))
          .isInstanceOf(SqlException.class);
      PgText.parse("8", TextStyle.DEFAULT, writer);
      try (Column column = writer.finish()) {
        assertThat(column.rows()).isEqualTo(2);
        assertThat(column.intAt(1)).isEqualTo(8);
      }
    }
  }
}
