package dev.aevum.planner.bind;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;

/// The working table of one recursive query while its step is bound. One thread.
final class Recursion {
  private final int table;
  private final RelDataType rowType;
  private final List<String> names;
  private int references;

  Recursion(int table, RelDataType rowType, List<String> names) {
    this.table = table;
    this.rowType = rowType;
    this.names = List.copyOf(names);
  }

  int table() {
    return table;
  }

  RelDataType rowType() {
    return rowType;
  }

  List<String> names() {
    return names;
  }

  /// Counts one more reference; how many there are now.
  int refer() {
    return ++references;
  }

  boolean isUsed() {
    return references > 0;
  }
}
