package dev.aevum.connectors.datagen.nexmark;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.type.SimpleType;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Lines of the Nexmark files, built in one growing byte array.
final class NexmarkText {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);

  private byte[] bytes = new byte[4096];
  private int used;
  private long lastSecond = Long.MIN_VALUE;
  private byte[] lastTime = new byte[23];

  /// An entity as a JSON object; without its `dateTime` inside a merged event.
  void object(List<Field> fields, Column[] columns, int row, boolean withTime) {
    put('{');
    boolean first = true;
    for (int c = 0; c < columns.length; c++) {
      Field field = fields.get(c);
      if (!withTime && field.name().equals("dateTime")) {
        continue;
      }
      if (!first) {
        put(',');
      }
      first = false;
      put('"');
      put(field.name());
      put('"');
      put(':');
      jsonValue(field, columns[c], row);
    }
    put('}');
  }

  /// A line of `events.jsonl`.
  void event(Entity entity, Column[] columns, int row) {
    put("{\"event_type\":");
    put((char) ('0' + entity.number()));
    put(",\"dateTime\":");
    for (int c = 0; c < columns.length; c++) {
      if (entity.fields().get(c).name().equals("dateTime")) {
        jsonValue(entity.fields().get(c), columns[c], row);
      }
    }
    put(",\"");
    put(entity.label());
    put("\":");
    object(entity.fields(), columns, row, false);
    put('}');
  }

  void csvRow(List<Field> fields, Column[] columns, int row) {
    for (int c = 0; c < columns.length; c++) {
      if (c > 0) {
        put(',');
      }
      value(fields.get(c), columns[c], row);
    }
  }

  void endLine() {
    put('\n');
  }

  /// Writes what was built so far and starts anew.
  void drain(OutputStream out) throws IOException {
    out.write(bytes, 0, used);
    used = 0;
  }

  private void jsonValue(Field field, Column column, int row) {
    boolean quoted = field.type() != SimpleType.BIGINT;
    if (quoted) {
      put('"');
    }
    value(field, column, row);
    if (quoted) {
      put('"');
    }
  }

  private void value(Field field, Column column, int row) {
    if (field.type() == SimpleType.BIGINT) {
      put(Long.toString(column.longAt(row)));
    } else if (field.type() == SimpleType.TIMESTAMP) {
      time(column.longAt(row) / 1000);
    } else {
      int length = column.lengthAt(row);
      ensure(length);
      MemorySegment.copy(
          column.segmentAt(row), Memory.BYTE, column.offsetAt(row), bytes, used, length);
      used += length;
    }
  }

  private void time(long millis) {
    long second = Math.floorDiv(millis, 1000);
    if (second != lastSecond) {
      lastTime =
          LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC)
              .format(TIME)
              .getBytes(StandardCharsets.US_ASCII);
      lastSecond = second;
    }
    int fraction = (int) Math.floorMod(millis, 1000L);
    lastTime[20] = (byte) ('0' + fraction / 100);
    lastTime[21] = (byte) ('0' + fraction / 10 % 10);
    lastTime[22] = (byte) ('0' + fraction % 10);
    ensure(lastTime.length);
    System.arraycopy(lastTime, 0, bytes, used, lastTime.length);
    used += lastTime.length;
  }

  private void put(String text) {
    ensure(text.length());
    for (int i = 0; i < text.length(); i++) {
      bytes[used++] = (byte) text.charAt(i);
    }
  }

  private void put(char c) {
    ensure(1);
    bytes[used++] = (byte) c;
  }

  private void ensure(int more) {
    if (used + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(used + more, 2 * bytes.length));
    }
  }
}
