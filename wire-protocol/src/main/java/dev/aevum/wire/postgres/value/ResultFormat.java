package dev.aevum.wire.postgres.value;

import dev.aevum.engine.api.ResultColumn;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.TextStyle;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// The columns of a result with the format each goes out in. Immutable; [#encoder] makes what
/// writes rows.
public final class ResultFormat {
  private static final short[] ALL_TEXT = {};

  private final List<ResultColumn> columns;
  private final boolean[] binary;

  private ResultFormat(List<ResultColumn> columns, boolean[] binary) {
    this.columns = columns;
    this.binary = binary;
  }

  public static ResultFormat text(List<ResultColumn> columns) {
    return of(columns, ALL_TEXT);
  }

  /// Errors: 08P01 where `formats` are neither none, one, nor one a column; 22023 for an unknown
  /// format; 42883 for binary of a type that has none.
  public static ResultFormat of(List<ResultColumn> columns, short[] formats) {
    if (formats.length > 1 && formats.length != columns.size()) {
      throw new SqlException(
          ErrorCode.PROTOCOL_VIOLATION,
          "bind message has "
              + formats.length
              + " result formats but query has "
              + columns.size()
              + " columns");
    }
    boolean[] binary = new boolean[columns.size()];
    for (int i = 0; i < binary.length; i++) {
      binary[i] = isBinary(formats, i);
      if (binary[i]) {
        BinaryOutput.check(columns.get(i).type());
      }
    }
    return new ResultFormat(columns, binary);
  }

  /// The format of item `index` by the protocol's rule: none given is text, one given is for all.
  static boolean isBinary(short[] formats, int index) {
    short format = formats.length == 0 ? 0 : formats.length == 1 ? formats[0] : formats[index];
    return switch (format) {
      case 0 -> false;
      case 1 -> true;
      default ->
          throw new SqlException(
              ErrorCode.INVALID_PARAMETER_VALUE, "unsupported format code: " + format);
    };
  }

  public int columnCount() {
    return columns.size();
  }

  /// Appends the fields of a RowDescription.
  public void describe(ByteSink out) {
    out.appendShortBig(columns.size());
    for (int i = 0; i < binary.length; i++) {
      ResultColumn column = columns.get(i);
      out.appendBytes(column.name().getBytes(StandardCharsets.UTF_8));
      out.appendByte(0);
      out.appendIntBig(column.tableOid());
      out.appendShortBig(column.attributeNumber());
      out.appendIntBig(column.type().oid());
      out.appendShortBig(column.type().length());
      out.appendIntBig(column.type().modifier());
      out.appendShortBig(binary[i] ? 1 : 0);
    }
  }

  /// `allocator` is for scratch space.
  public RowEncoder encoder(TextStyle style, BufferAllocator allocator) {
    ColumnOutput text = new TextOutput(style);
    ColumnOutput[] outputs = new ColumnOutput[binary.length];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = binary[i] ? BinaryOutput.of(columns.get(i).type(), allocator) : text;
    }
    return new RowEncoder(outputs);
  }

  /// Writes rows as DataRow fields. One thread.
  public static final class RowEncoder {
    private final ColumnOutput[] outputs;

    RowEncoder(ColumnOutput[] outputs) {
      this.outputs = outputs;
    }

    public void append(DeltaBatch batch, int row, ByteSink out) {
      out.appendShortBig(outputs.length);
      for (int i = 0; i < outputs.length; i++) {
        Column column = batch.column(i);
        int length = out.position();
        if (column.isNull(row)) {
          out.appendIntBig(-1);
        } else {
          out.appendIntBig(0);
          outputs[i].append(column, row, out);
          out.setIntBig(length, out.position() - length - 4);
        }
      }
    }
  }
}
