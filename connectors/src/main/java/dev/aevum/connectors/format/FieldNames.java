package dev.aevum.connectors.format;

import dev.aevum.connectors.option.ConnectorErrors;
import dev.aevum.model.batch.Field;
import dev.aevum.model.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Which column takes a field of some name: the column of exactly that name, else the single one
/// that equals it ignoring case. Names seen are remembered under small numbers (`entry`), so rows
/// of the same shape are matched by comparing bytes. One thread.
final class FieldNames {
  static final int NO_COLUMN = -1;
  private static final int MAX_LEARNED = 4096;

  private final Map<String, Integer> exact = new HashMap<>();
  private final Map<String, Integer> folded = new HashMap<>();
  private byte[][] names = new byte[16][];
  private int[] columns = new int[16];
  private boolean[] isExact = new boolean[16];
  private int count;
  private int[] table = new int[64];

  /// Columns of a stream's rows: the first `declared` fields of its schema.
  FieldNames(List<Field> fields) {
    for (int c = 0; c < fields.size(); c++) {
      exact.put(fields.get(c).name(), c);
      folded.put(fields.get(c).name().toLowerCase(Locale.ROOT), c);
    }
  }

  /// Errors: 42701 for two columns that differ in case only, which one field could mean.
  static void check(List<Field> fields) {
    Map<String, String> seen = new HashMap<>();
    for (Field field : fields) {
      String other = seen.put(field.name().toLowerCase(Locale.ROOT), field.name());
      if (other != null) {
        throw ConnectorErrors.error(
            ErrorCode.DUPLICATE_COLUMN,
            "columns \"" + other + "\" and \"" + field.name() + "\" match the same field",
            "Fields are matched by exact name, else ignoring case: give the columns names that"
                + " differ in more than case.");
      }
    }
  }

  /// The entry of a name, learned on first sight.
  int entry(byte[] bytes, int offset, int length) {
    int slot = slot(bytes, offset, length);
    int found = table[slot];
    if (found != 0) {
      return found - 1;
    }
    return learn(bytes, offset, length, slot);
  }

  /// The column of an entry, or [#NO_COLUMN].
  int column(int entry) {
    return columns[entry];
  }

  boolean isExact(int entry) {
    return isExact[entry];
  }

  /// The bytes of an entry's name.
  byte[] name(int entry) {
    return names[entry];
  }

  private int learn(byte[] bytes, int offset, int length, int slot) {
    String name = new String(bytes, offset, length, StandardCharsets.UTF_8);
    Integer exactly = exact.get(name);
    Integer found = exactly != null ? exactly : folded.get(name.toLowerCase(Locale.ROOT));
    if (count == names.length) {
      names = Arrays.copyOf(names, 2 * count);
      columns = Arrays.copyOf(columns, 2 * count);
      isExact = Arrays.copyOf(isExact, 2 * count);
    }
    names[count] = Arrays.copyOfRange(bytes, offset, offset + length);
    columns[count] = found == null ? NO_COLUMN : found;
    isExact[count] = exactly != null;
    table[slot] = ++count;
    if (count * 2 > table.length) {
      rehash();
    }
    return count - 1;
  }

  /// Names can be anything in foreign data: what is remembered of them is bounded. Called between
  /// rows; true: all entries were forgotten.
  boolean bound() {
    if (count < MAX_LEARNED) {
      return false;
    }
    count = 0;
    Arrays.fill(table, 0);
    return true;
  }

  private void rehash() {
    table = new int[2 * table.length];
    for (int entry = 0; entry < count; entry++) {
      table[slot(names[entry], 0, names[entry].length)] = entry + 1;
    }
  }

  private int slot(byte[] bytes, int offset, int length) {
    int hash = length;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + bytes[i];
    }
    int mask = table.length - 1;
    int slot = (hash ^ (hash >>> 16)) & mask;
    while (true) {
      int entry = table[slot];
      if (entry == 0) {
        return slot;
      }
      byte[] name = names[entry - 1];
      if (Arrays.equals(name, 0, name.length, bytes, offset, offset + length)) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
  }
}
