package dev.aevum.executor.step;

import dev.aevum.executor.operator.KeepsModels;
import dev.aevum.executor.operator.KeyDecoder;
import dev.aevum.executor.sequence.ModelStatus;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.Field;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.JsonbText;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.planner.plan.SequenceCall;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Keys of models in words: for inspection, and to find those of a condition.
final class ModelKeys {
  private final BufferAllocator allocator;
  private final List<Field> columns;
  private final KeyDecoder decoder = new KeyDecoder();

  ModelKeys(BufferAllocator allocator, KeepsModels operator) {
    this.allocator = allocator;
    this.columns =
        operator.modelNode().partitionBy().stream()
            .map(operator.modelNode().input().schema()::field)
            .toList();
  }

  /// Errors: 42703 for a name that is no partition column.
  void check(Map<String, String> condition) {
    for (String name : condition.keySet()) {
      if (columns.stream().noneMatch(c -> c.name().equals(name))) {
        throw new SqlException(
            ErrorCode.UNDEFINED_COLUMN,
            "column \"" + name + "\" does not partition the view's models",
            null,
            columns.isEmpty()
                ? "There is one model: leave the condition out."
                : "They are partitioned by "
                    + String.join(", ", columns.stream().map(Field::name).toList())
                    + ".",
            null,
            null);
      }
    }
  }

  boolean matches(byte[] key, Map<String, String> condition) {
    List<@Nullable String> values = values(key);
    for (int i = 0; i < columns.size(); i++) {
      String wanted = condition.get(columns.get(i).name());
      if (wanted != null && !wanted.equals(values.get(i))) {
        return false;
      }
    }
    return true;
  }

  /// NULL is null. Values that a key does not give back are its bytes in hexadecimal.
  private List<@Nullable String> values(byte[] key) {
    List<@Nullable String> values = new ArrayList<>();
    MemorySegment segment = MemorySegment.ofArray(key);
    long at = 0;
    for (Field field : columns) {
      if (!KeyDecoder.isLossless(field.type())) {
        values.add(HexFormat.of().formatHex(key, (int) at, key.length));
        while (values.size() < columns.size()) {
          values.add(null);
        }
        return values;
      }
      try (ColumnWriter writer = new ColumnWriter(allocator, field.type(), 1)) {
        at = decoder.decode(field.type(), segment, at, writer);
        try (Column column = writer.finish()) {
          values.add(column.isNull(0) ? null : PgText.text(column, 0, TextStyle.DEFAULT));
        }
      }
    }
    return values;
  }

  ModelState state(
      int view, int ordinal, KeepsModels operator, SequenceCall call, ModelStatus status) {
    return new ModelState(
        view,
        ordinal,
        call.function().name(),
        json(status.key()),
        status.learned(),
        Math.max(0, call.warmup() - status.learned()),
        status.lastTime(),
        status.stateBytes(),
        status.resets(),
        operator.replayed(status.key()),
        operator.forgotten(status.key()),
        status.nonFinite(),
        status.thresholds() == null ? null : canonical(status.thresholds()));
  }

  private String json(byte[] key) {
    List<@Nullable String> values = values(key);
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < columns.size(); i++) {
      String value = values.get(i);
      PhysicalType physical = columns.get(i).type().physical();
      boolean plain =
          physical == PhysicalType.INT16
              || physical == PhysicalType.INT32
              || physical == PhysicalType.INT64;
      text.append(i == 0 ? "" : ", ")
          .append(quoted(columns.get(i).name()))
          .append(": ")
          .append(
              value == null ? "null" : plain && value.matches("-?[0-9]+") ? value : quoted(value));
    }
    return canonical(text.append('}').toString());
  }

  private static String quoted(String value) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ') {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }

  /// As jsonb has it.
  private static String canonical(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    ByteSink out = new ByteSink();
    JsonbText.append(MemorySegment.ofArray(bytes), 0, bytes.length, out);
    return out.toText(0);
  }
}
