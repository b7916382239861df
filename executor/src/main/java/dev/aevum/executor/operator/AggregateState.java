package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.aggregate.MultisetAggregate;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.codec.RowCodec;
import dev.aevum.model.type.SqlType;
import dev.aevum.storage.state.HashState;
import dev.aevum.storage.state.OrderedState;
import dev.aevum.storage.state.SlicedState;
import dev.aevum.storage.state.StateBackend;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Groups of an aggregate. Tables, by number: 0 groups (key to value, see [AggregateLayout]; sliced
/// by closing time where groups close); 1 representatives (key to the row of group columns, only
/// where keys do not tell it: of the rows that made the group, the least in bytes); then per
/// extreme source `(group, value) -> weight`; then per distinct source the same; then sketches (key
/// to the bytes of all sketches of the group).
///
/// Keys of ordered tables begin with the closing time where groups close, so that dropping is one
/// range.
final class AggregateState {
  private static final byte ABOVE_VALUES = 2;
  private static final byte VALUE = 1;

  private final @Nullable HashState flat;
  private final @Nullable SlicedState sliced;
  private final @Nullable OrderedState representatives;
  private final List<ValueTable> extremes = new ArrayList<>();
  private final List<ValueTable> distincts = new ArrayList<>();
  private final @Nullable OrderedState sketches;
  private final List<SqlType> keyTypes;
  private final RowCodec keyRows;
  private final KeyDecoder decoder = new KeyDecoder();
  private final ByteSink head = new ByteSink();
  private final ByteSink row = new ByteSink();

  AggregateState(OperatorContext context, AggregateLayout layout) {
    StateBackend backend = context.state();
    boolean closing = layout.closeColumn >= 0;
    sliced = closing ? backend.sliced(context.table(0), layout.width) : null;
    flat = closing ? null : backend.hash(context.table(0), layout.width);
    representatives = layout.losslessKeys ? null : backend.ordered(context.table(1));
    keyTypes = layout.keyTypes;
    keyRows = new RowCodec(keyTypes);
    int table = 2;
    for (AggregateLayout.Source s : layout.extremeSources) {
      extremes.add(new ValueTable(backend.ordered(context.table(table++)), layout.inputTypes, s));
    }
    for (AggregateLayout.Source s : layout.distinctSources) {
      distincts.add(new ValueTable(backend.ordered(context.table(table++)), layout.inputTypes, s));
    }
    sketches = layout.sketches.isEmpty() ? null : backend.ordered(context.table(table));
  }

  /// Key of a group to its sketches ([GroupSketches]); only where the layout has some.
  OrderedState sketches() {
    return Objects.requireNonNull(sketches);
  }

  HashState groups(long time) {
    return sliced != null ? sliced.slice(time) : Objects.requireNonNull(flat);
  }

  SlicedState slices() {
    return Objects.requireNonNull(sliced);
  }

  /// The head of ordered keys for a group; valid until the next call.
  ByteSink head(MemorySegment key, long offset, int length, long time) {
    head.reset();
    if (sliced != null) {
      head.appendLongBig(time ^ Long.MIN_VALUE);
    }
    head.appendBytes(key, offset, length);
    return head;
  }

  ValueTable extreme(int source) {
    return extremes.get(source);
  }

  /// Empty rows for each multiset call.
  MultisetRows[] collectors(BufferAllocator allocator, AggregateLayout layout) {
    return layout.multisets.stream()
        .map(m -> extreme(m.source()).collector(allocator))
        .toArray(MultisetRows[]::new);
  }

  /// Appends the group's rows for each multiset call.
  void appendMultisets(AggregateLayout layout, ByteSink head, MultisetRows[] out) {
    for (int m = 0; m < out.length; m++) {
      AggregateLayout.MultisetCall call = layout.multisets.get(m);
      extreme(call.source()).appendRows(head, call.aggregate().part(), out[m]);
    }
  }

  ValueTable distinct(int source) {
    return distincts.get(source);
  }

  /// Keeps the row as the group's representative if it is the first or the least.
  void represent(ByteSink groupHead, long hash, Column[] keyColumns, int at) {
    OrderedState table = Objects.requireNonNull(representatives);
    row.reset();
    keyRows.encode(keyColumns, at, row);
    boolean known = table.get(groupHead.segment(), 0, groupHead.position());
    if (!known || isBelow(row, table)) {
      table.put(
          groupHead.segment(), 0, groupHead.position(), hash, row.segment(), 0, row.position());
    }
  }

  boolean needsRepresentatives() {
    return representatives != null;
  }

  private static boolean isBelow(ByteSink row, OrderedState table) {
    byte[] kept = new byte[table.valueLength()];
    MemorySegment.copy(
        table.valueSegment(),
        java.lang.foreign.ValueLayout.JAVA_BYTE,
        table.valueOffset(),
        kept,
        0,
        kept.length);
    return Arrays.compareUnsigned(row.array(), 0, row.position(), kept, 0, kept.length) < 0;
  }

  /// Appends the group's key columns.
  void appendKey(MemorySegment key, long offset, int length, long time, ColumnWriter[] out) {
    if (representatives == null) {
      long at = offset;
      for (int i = 0; i < out.length; i++) {
        at = decoder.decode(keyTypes.get(i), key, at, out[i]);
      }
      return;
    }
    ByteSink h = head(key, offset, length, time);
    if (!representatives.get(h.segment(), 0, h.position())) {
      throw new IllegalStateException("a group without its row");
    }
    keyRows.decode(
        representatives.valueSegment(),
        representatives.valueOffset(),
        representatives.valueLength(),
        out);
  }

  /// Forgets what a vanished group keeps beside its value (its multisets are empty by then).
  void forget(MemorySegment key, long offset, int length, long hash, long time) {
    if (representatives != null) {
      ByteSink h = head(key, offset, length, time);
      representatives.remove(h.segment(), 0, h.position(), hash);
    }
    if (sketches != null) {
      ByteSink h = head(key, offset, length, time);
      sketches.remove(h.segment(), 0, h.position(), hash);
    }
  }

  /// Drops every group whose closing time is below `bound`.
  void dropBefore(long bound) {
    SlicedState slices = slices();
    if (slices.firstTime() >= bound) {
      return;
    }
    slices.dropBefore(bound);
    byte[] to = new byte[8];
    MemorySegment.ofArray(to).set(LONG, 0, Long.reverseBytes(bound ^ Long.MIN_VALUE));
    byte[] from = new byte[0];
    if (representatives != null) {
      representatives.removeRange(from, to);
    }
    if (sketches != null) {
      sketches.removeRange(from, to);
    }
    extremes.forEach(t -> t.table.removeRange(from, to));
    distincts.forEach(t -> t.table.removeRange(from, to));
  }

  /// Multisets of argument values per group: `[head][value key]`, and where the key does not tell
  /// the value `[row bytes][their length i32]` after it, to the weight.
  static final class ValueTable {
    static final int RETRACTED = 1;
    static final int INSERTED = 2;

    private final OrderedState table;
    private final List<SqlType> types;
    private final KeyCodec codec;
    private final @Nullable RowCodec rows;
    private final int[] columns;
    private final Column[] arguments;
    private final KeyDecoder decoder = new KeyDecoder();
    private final ByteSink key = new ByteSink();
    private final ByteSink before = new ByteSink();

    ValueTable(OrderedState table, List<SqlType> inputTypes, AggregateLayout.Source source) {
      this.table = table;
      this.types = source.arguments().stream().map(inputTypes::get).toList();
      this.codec = new KeyCodec(types);
      this.rows = types.stream().allMatch(KeyDecoder::isLossless) ? null : new RowCodec(types);
      this.columns = source.arguments().stream().mapToInt(Integer::intValue).toArray();
      this.arguments = new Column[columns.length];
    }

    Column[] take(Column[] inputs) {
      for (int i = 0; i < columns.length; i++) {
        arguments[i] = inputs[columns[i]];
      }
      return arguments;
    }

    boolean anyNull(int row) {
      return KeyCodec.anyNull(arguments, row);
    }

    /// Equal values may differ in form (1.0 and 1.00, 1 month and 30 days): then the table counts
    /// forms.
    boolean hasForms() {
      return rows != null;
    }

    ColumnWriter[] writers(BufferAllocator allocator) {
      return types.stream()
          .map(t -> new ColumnWriter(allocator, t, DeltaBatch.TARGET_ROWS))
          .toArray(ColumnWriter[]::new);
    }

    /// Adds the weight of a row of the taken columns; returns its new weight in the group.
    long add(ByteSink head, long hash, int row, long weight) {
      encodeValue(head, row);
      appendForm(row);
      return table.addLong(key.segment(), 0, key.position(), hash, weight);
    }

    private void encodeValue(ByteSink head, int row) {
      key.reset();
      key.appendBytes(head.segment(), 0, head.position());
      codec.encode(arguments, row, key);
    }

    private void appendForm(int row) {
      if (rows != null) {
        int from = key.position();
        rows.encode(arguments, row, key);
        key.appendInt(key.position() - from);
      }
    }

    /// Adds the weight of a row where forms differ. Of the forms of a value that are there the
    /// least in bytes stands for it: when that changes, the old one is appended to `out`
    /// ([#RETRACTED] in the result), then the new one ([#INSERTED]).
    int addForm(ByteSink head, long hash, int row, long weight, ColumnWriter[] out) {
      encodeValue(head, row);
      int value = key.position();
      boolean was = seekForm(value);
      before.reset();
      if (was) {
        before.appendBytes(table.keySegment(), table.keyOffset(), table.keyLength());
      }
      appendForm(row);
      table.addLong(key.segment(), 0, key.position(), hash, weight);
      boolean is = seekForm(value);
      if (was && is && isAt(before)) {
        return 0;
      }
      if (was) {
        decodeForm(before.segment(), before.position(), out);
      }
      if (is) {
        decodeForm(table.keySegment(), table.keyOffset() + table.keyLength(), out);
      }
      return (was ? RETRACTED : 0) | (is ? INSERTED : 0);
    }

    /// Moves to the least form of positive weight of the value that is the key's first bytes.
    private boolean seekForm(int value) {
      boolean found = table.seekAtLeast(key.segment(), 0, value);
      while (found && startsWith(table, key.segment(), value)) {
        if (table.valueLong() > 0) {
          return true;
        }
        found = table.next();
      }
      return false;
    }

    private boolean isAt(ByteSink form) {
      return table.keyLength() == form.position()
          && startsWith(table, form.segment(), form.position());
    }

    private void decodeForm(MemorySegment bytes, long end, ColumnWriter[] out) {
      int length = bytes.get(INT, end - 4);
      Objects.requireNonNull(rows).decode(bytes, end - 4 - length, length, out);
    }

    /// Appends the group's least or greatest value, NULL when it has none.
    void appendBest(ByteSink head, boolean greatest, ColumnWriter out) {
      int length = head.position();
      key.reset();
      key.appendBytes(head.segment(), 0, length);
      key.appendByte(greatest ? ABOVE_VALUES : VALUE);
      boolean found =
          greatest
              ? table.seekBelow(key.segment(), 0, key.position())
              : table.seekAtLeast(key.segment(), 0, key.position());
      if (!found || table.keyLength() <= length || !startsWith(table, head.segment(), length)) {
        out.appendNull();
        return;
      }
      if (table.valueLong() <= 0) {
        throw new IllegalStateException("value of weight " + table.valueLong() + " in a group");
      }
      MemorySegment bytes = table.keySegment();
      if (rows == null) {
        decoder.decode(types.getFirst(), bytes, table.keyOffset() + length, out);
      } else {
        decodeForm(bytes, table.keyOffset() + table.keyLength(), new ColumnWriter[] {out});
      }
    }

    /// Appends what `part` says of the group's rows, in order, with their weights.
    void appendRows(ByteSink head, MultisetAggregate.Part part, MultisetRows out) {
      int length = head.position();
      boolean last = part == MultisetAggregate.Part.LAST;
      key.reset();
      key.appendBytes(head.segment(), 0, length);
      key.appendByte(last ? ABOVE_VALUES : VALUE);
      boolean found =
          last
              ? table.seekBelow(key.segment(), 0, key.position())
              : table.seekAtLeast(key.segment(), 0, key.position());
      while (found && table.keyLength() > length && startsWith(table, head.segment(), length)) {
        long weight = table.valueLong();
        if (weight <= 0) {
          throw new IllegalStateException("value of weight " + weight + " in a group");
        }
        appendRow(table.keyOffset() + length, out.writers());
        out.add(weight);
        found = part == MultisetAggregate.Part.ALL && table.next();
      }
      out.endGroup();
    }

    private void appendRow(long offset, ColumnWriter[] out) {
      if (rows != null) {
        decodeForm(table.keySegment(), table.keyOffset() + table.keyLength(), out);
        return;
      }
      long at = offset;
      for (int i = 0; i < out.length; i++) {
        at = decoder.decode(types.get(i), table.keySegment(), at, out[i]);
      }
    }

    MultisetRows collector(BufferAllocator allocator) {
      return new MultisetRows(writers(allocator));
    }

    private static boolean startsWith(OrderedState table, MemorySegment prefix, int length) {
      return table.keyLength() >= length
          && MemorySegment.mismatch(
                  table.keySegment(),
                  table.keyOffset(),
                  table.keyOffset() + length,
                  prefix,
                  0,
                  length)
              < 0;
    }
  }
}
