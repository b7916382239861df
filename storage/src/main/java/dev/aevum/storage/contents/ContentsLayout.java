package dev.aevum.storage.contents;

import dev.aevum.model.batch.Column;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.codec.RowCodec;
import dev.aevum.model.type.SqlType;
import java.util.List;

/// How a relation's rows become bytes: the key columns by [KeyCodec] (order and SQL equality), then
/// the whole row by [RowCodec] (exact). Without key columns rows are ordered by their own bytes.
public final class ContentsLayout {
  private final int relation;
  private final List<SqlType> types;
  private final List<Integer> key;
  private final KeyCodec keyCodec;
  private final RowCodec rowCodec;

  public ContentsLayout(int relation, List<SqlType> types, List<Integer> key) {
    this.relation = relation;
    this.types = List.copyOf(types);
    this.key = List.copyOf(key);
    this.keyCodec = new KeyCodec(key.stream().map(types::get).toList());
    this.rowCodec = new RowCodec(types);
  }

  public int relation() {
    return relation;
  }

  public List<SqlType> types() {
    return types;
  }

  public List<Integer> key() {
    return key;
  }

  public KeyCodec keyCodec() {
    return keyCodec;
  }

  public RowCodec rowCodec() {
    return rowCodec;
  }

  /// The key columns of a batch's columns, in key order.
  Column[] keyColumns(Column[] columns) {
    Column[] chosen = new Column[key.size()];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = columns[key.get(i)];
    }
    return chosen;
  }
}
