package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.codec.KeyHash;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import java.util.List;

/// Hashes of values for sketches, part of what sketches mean and so of the stored format: integers
/// of all widths by value, text by its bytes, the rest by its key bytes. Equal values have equal
/// hashes (0 and -0, 1.0 and 1.00). Not thread-safe.
public final class ValueHashes {
  private final SqlType type;
  private final KeyCodec codec;
  private final ByteSink sink = new ByteSink();
  private final Column[] one = new Column[1];
  private long[] hashes = new long[0];

  public ValueHashes(SqlType type) {
    this.type = type;
    this.codec = new KeyCodec(List.of(type));
  }

  /// By position; not defined where the value is NULL. Valid until the next call.
  public long[] of(Column values, Selection rows) {
    int n = rows.size();
    if (hashes.length < n) {
      hashes = new long[n];
    }
    if (type == SimpleType.BIGINT
        || type == SimpleType.TIMESTAMP
        || type == SimpleType.TIMESTAMPTZ) {
      for (int k = 0; k < n; k++) {
        hashes[k] = KeyHash.hash(values.longAt(rows.row(k)));
      }
    } else if (type == SimpleType.INTEGER) {
      for (int k = 0; k < n; k++) {
        hashes[k] = KeyHash.hash(values.intAt(rows.row(k)));
      }
    } else if (type == SimpleType.SMALLINT) {
      for (int k = 0; k < n; k++) {
        hashes[k] = KeyHash.hash(values.shortAt(rows.row(k)));
      }
    } else if (type == SimpleType.DOUBLE) {
      for (int k = 0; k < n; k++) {
        double value = values.doubleAt(rows.row(k));
        hashes[k] = KeyHash.hash(Double.doubleToLongBits(value == 0 ? 0 : value));
      }
    } else if (type == SimpleType.TEXT || type instanceof VarcharType) {
      for (int k = 0; k < n; k++) {
        int row = rows.row(k);
        if (!values.isNull(row)) {
          hashes[k] =
              KeyHash.hash(values.segmentAt(row), values.offsetAt(row), values.lengthAt(row));
        }
      }
    } else {
      byKey(values, rows);
    }
    return hashes;
  }

  private void byKey(Column values, Selection rows) {
    one[0] = values;
    for (int k = 0; k < rows.size(); k++) {
      sink.reset();
      codec.encode(one, rows.row(k), sink);
      hashes[k] = KeyHash.hash(sink.segment(), 0, sink.position());
    }
  }
}
