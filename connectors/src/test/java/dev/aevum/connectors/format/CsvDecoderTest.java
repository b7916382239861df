package dev.aevum.connectors.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.type.SimpleType;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

class CsvDecoderTest {
  private static final RowFormat CSV = new RowFormat(false, false, CsvDialect.DEFAULT);

  @Test
  void readsQuotedEmptyMissingAndFurtherFields() {
    try (Decoding d =
        new Decoding(CSV, "id!", SimpleType.BIGINT, "a", SimpleType.TEXT, "b", SimpleType.TEXT)) {
      d.row("1,x,y").row("2,,\"\"").row("3").row("4,\"a,\"\"b\"\"\n\",z,further").row("\"5\",é,");
      d.row("x,y").row("6,\"open").row("7,\"a\"b").row(",a");
      assertThat(d.rows()).containsExactly("1|x|y", "2|~|", "3|~|~", "4|a,\"b\"\n|z", "5|é|~");
      assertThat(d.errors)
          .containsExactly(
              "22P02 column \"id\": invalid input syntax for type bigint: \"x\"",
              "22P04 unterminated CSV quoted field",
              "22P04 unexpected character after CSV quoted field",
              "23502 null value in column \"id\" of relation \"t\" violates not-null constraint");
    }
  }

  @Test
  void otherDialects() {
    CsvDialect dialect = new CsvDialect((byte) '\t', (byte) '\'', "NULL");
    try (Decoding d =
        new Decoding(
            new RowFormat(false, false, dialect), "a", SimpleType.TEXT, "b", SimpleType.TEXT)) {
      d.row("NULL\t'NULL'").row("\t'it''s'").row("\"x\"\ty");
      assertThat(d.rows()).containsExactly("~|NULL", "|it's", "\"x\"|y");
    }
  }

  @Test
  void whatTheEncodersWriteTheDecodersRead() {
    long seed = Long.getLong("aevum.seed", 7L);
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    String alphabet = "ab,\"'\\\n\r\t 1é😀{}[]:\u0001";
    int[] points = alphabet.codePoints().toArray();
    for (RowFormat format : List.of(CSV, new RowFormat(true, false, CsvDialect.DEFAULT))) {
      try (Decoding d = new Decoding(format, "a\"x", SimpleType.TEXT, "b", SimpleType.TEXT);
          RootAllocator allocator = new RootAllocator()) {
        for (int i = 0; i < 2000; i++) {
          String[] values = new String[2];
          for (int c = 0; c < 2; c++) {
            int length = random.nextInt(12);
            StringBuilder text = new StringBuilder();
            for (int k = 0; k < length; k++) {
              text.appendCodePoint(points[random.nextInt(points.length)]);
            }
            values[c] = random.nextInt(8) == 0 ? null : text.toString();
          }
          ByteSink out = new ByteSink();
          RowEncoder encoder =
              format.json()
                  ? new JsonEncoder(d.fields)
                  : new CsvEncoder(d.fields, CsvDialect.DEFAULT);
          try (DeltaBatch batch = row(allocator, values)) {
            encoder.encode(batch, 0, out);
          }
          d.row(out.toBytes());
          String expected =
              (values[0] == null ? "~" : values[0]) + "|" + (values[1] == null ? "~" : values[1]);
          assertThat(d.rows()).as("seed %d, case %d", seed, i).containsExactly(expected);
        }
        assertThat(d.errors).isEmpty();
      }
    }
  }

  private static DeltaBatch row(RootAllocator allocator, String[] values) {
    Column[] columns = new Column[2];
    for (int c = 0; c < 2; c++) {
      try (var writer = new dev.aevum.model.batch.ColumnWriter(allocator, SimpleType.TEXT, 1)) {
        if (values[c] == null) {
          writer.appendNull();
        } else {
          writer.appendText(values[c]);
        }
        columns[c] = writer.finish();
      }
    }
    return new DeltaBatch(1, columns, null);
  }
}
