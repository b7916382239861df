package dev.aevum.storage.durable;

import dev.aevum.storage.log.CatalogLog;
import java.util.Set;

/// The list of catalogue changes: opaque records numbered from 1 on ([CatalogLog]). Thread-safe.
public interface CatalogRecords {
  /// Returns the record's version once it is durable.
  long append(byte[] record);

  /// The version of the last record, 0 when there was none.
  long version();

  /// Records that are kept.
  int size();

  void replay(long from, CatalogLog.Visitor visitor);

  /// Keeps only the records of these versions, and the last.
  void compact(Set<Long> versions);
}
