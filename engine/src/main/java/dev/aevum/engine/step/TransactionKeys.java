package dev.aevum.engine.step;

import dev.aevum.engine.catalog.Catalog;
import dev.aevum.engine.write.TableChange;
import dev.aevum.storage.contents.ContentsVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/// The primary keys that a transaction block's writes touch, so that a statement in it fails at
/// once, as PostgreSQL's does, and not only at COMMIT. Keys that another session takes in between
/// still fail the COMMIT: [Admission] decides. One thread.
public final class TransactionKeys {
  private final Admission.NetKeys net = new Admission.NetKeys(new HashMap<>());
  private int counted;

  /// Checks the writes that came since the last call. Errors: 23505.
  public void check(
      BufferAllocator allocator,
      Catalog catalog,
      ContentsVersion contents,
      List<TableChange> writes) {
    if (counted > writes.size()) {
      net.tables().clear();
      counted = 0;
    }
    List<TableChange> fresh = writes.subList(counted, writes.size());
    Admission admission = new Admission(allocator, catalog, contents, Map.of());
    try {
      admission.check(fresh, net);
    } catch (Admission.KeyTaken taken) {
      throw admission.violation(taken, fresh);
    }
    counted = writes.size();
  }
}
