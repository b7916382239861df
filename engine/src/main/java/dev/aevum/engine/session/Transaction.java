package dev.aevum.engine.session;

import dev.aevum.engine.api.Session.TransactionStatus;
import dev.aevum.engine.step.TransactionKeys;
import dev.aevum.engine.write.TableChange;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.util.ArrayList;
import java.util.List;

/// A session's transaction: its writes wait here until COMMIT (of the implicit transaction: Sync)
/// and are then admitted whole into one step. Reads of the session see them on top of the last
/// published step. One thread.
final class Transaction {
  /// Bytes of writes that it may hold: they are one step.
  private final long maxBytes;

  private record Savepoint(String name, int writes) {}

  private final List<TableChange> writes = new ArrayList<>();
  private TransactionKeys keys = new TransactionKeys();
  private final List<Savepoint> savepoints = new ArrayList<>();

  /// Read by other sessions too.
  private volatile TransactionStatus status = TransactionStatus.IDLE;

  private boolean implicit;
  private boolean readOnly;
  private long bytes;

  Transaction(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  TransactionStatus status() {
    return status;
  }

  boolean inBlock() {
    return status != TransactionStatus.IDLE;
  }

  boolean isImplicit() {
    return implicit;
  }

  boolean isReadOnly() {
    return readOnly;
  }

  void setReadOnly(boolean value) {
    readOnly = value;
  }

  void beginImplicit() {
    if (status == TransactionStatus.IDLE) {
      implicit = true;
    }
  }

  void beginBlock() {
    status = TransactionStatus.BLOCK;
    implicit = false;
  }

  void fail() {
    if (status == TransactionStatus.BLOCK) {
      status = TransactionStatus.FAILED_BLOCK;
    }
  }

  /// Takes the change over.
  void write(TableChange change) {
    if (readOnly) {
      change.close();
      throw new SqlException(
          ErrorCode.READ_ONLY_SQL_TRANSACTION, "cannot execute writes in a read-only transaction");
    }
    bytes += change.batch().sizeBytes();
    writes.add(change);
    if (bytes > maxBytes) {
      throw new SqlException(
              ErrorCode.OUT_OF_MEMORY,
              "a transaction cannot write more than " + (maxBytes >> 20) + " MB of rows here")
          .withHint("Write in several transactions, or give the server more with --memory.");
    }
  }

  List<TableChange> writes() {
    return writes;
  }

  boolean wrote(int relation) {
    return writes.stream().anyMatch(w -> w.relation() == relation);
  }

  /// What its writes do to primary keys.
  TransactionKeys keys() {
    return keys;
  }

  /// Gives the writes away.
  List<TableChange> takeWrites() {
    List<TableChange> taken = List.copyOf(writes);
    writes.clear();
    keys = new TransactionKeys();
    bytes = 0;
    return taken;
  }

  void savepoint(String name) {
    requireBlock("SAVEPOINT");
    savepoints.add(new Savepoint(name, writes.size()));
  }

  void release(String name) {
    requireBlock("RELEASE SAVEPOINT");
    int at = find(name);
    savepoints.subList(at, savepoints.size()).clear();
  }

  void rollbackTo(String name) {
    requireBlock("ROLLBACK TO SAVEPOINT");
    int at = find(name);
    int keep = savepoints.get(at).writes();
    while (writes.size() > keep) {
      TableChange undone = writes.removeLast();
      bytes -= undone.batch().sizeBytes();
      undone.close();
      keys = new TransactionKeys();
    }
    savepoints.subList(at + 1, savepoints.size()).clear();
    status = TransactionStatus.BLOCK;
  }

  private int find(String name) {
    for (int i = savepoints.size() - 1; i >= 0; i--) {
      if (savepoints.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new SqlException(
        ErrorCode.INVALID_SAVEPOINT, "savepoint \"" + name + "\" does not exist");
  }

  private void requireBlock(String statement) {
    if (!inBlock()) {
      throw new SqlException(
          ErrorCode.NO_ACTIVE_SQL_TRANSACTION,
          statement + " can only be used in transaction blocks");
    }
  }

  /// Ends it, without what was written.
  void end() {
    writes.forEach(TableChange::close);
    writes.clear();
    keys = new TransactionKeys();
    savepoints.clear();
    bytes = 0;
    status = TransactionStatus.IDLE;
    implicit = false;
    readOnly = false;
  }
}
