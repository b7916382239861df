package dev.aevum.model.batch;

import dev.aevum.model.type.SqlType;
import java.util.List;

/// Columns in order. Names may repeat in query results, never in relations.
public record Schema(List<Field> fields) {
  public Schema {
    fields = List.copyOf(fields);
  }

  public int size() {
    return fields.size();
  }

  public Field field(int index) {
    return fields.get(index);
  }

  public SqlType type(int index) {
    return fields.get(index).type();
  }

  /// Index of the first field of that exact name, or -1.
  public int indexOf(String name) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  public List<SqlType> types() {
    return fields.stream().map(Field::type).toList();
  }
}
