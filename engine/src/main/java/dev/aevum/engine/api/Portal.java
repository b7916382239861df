package dev.aevum.engine.api;

import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A bound statement, running or about to. Executed by calling [#fetch] until [Fetched#done].
public interface Portal extends AutoCloseable {
  @Nullable List<ResultColumn> columns();

  /// Up to `maxRows` more rows (0: no limit; still given in pieces). Blocks for the statement's
  /// work; cancellable. For COPY FROM STDIN returns at once with [Fetched#copyIn].
  Fetched fetch(int maxRows);

  /// Rows come as they happen: each piece goes to the client at once, without waiting for more.
  default boolean live() {
    return false;
  }

  /// COPY TO in the binary format: pieces are rows of these columns, not lines. Null: lines.
  default @Nullable List<ResultColumn> binaryCopy() {
    return null;
  }

  /// A second call does nothing.
  @Override
  void close();

  /// A piece of a result.
  ///
  /// @param batch rows (weights absent, or each weight counts as that many rows); null for none;
  ///   owned by the caller
  /// @param done the statement is complete; `commandTag` holds, such as `SELECT 3` or `INSERT 0 1`.
  ///   When false, call again: the row limit was reached if as many rows as asked for were given.
  /// @param copyIn the statement takes COPY data now
  /// @param copyOut rows are COPY lines (a single bytea column, one line a row) for CopyOutResponse
  ///   of that many columns
  record Fetched(
      @Nullable DeltaBatch batch,
      boolean done,
      @Nullable String commandTag,
      @Nullable CopyIn copyIn,
      int copyOut) {}

  /// Takes COPY FROM STDIN data.
  interface CopyIn extends AutoCloseable {
    int columns();

    /// Whether the data is in the binary COPY format.
    boolean binary();

    /// The types of the columns as the binary format has them.
    List<SqlType> binaryTypes();

    /// Rows of the binary format, taken apart by the caller; borrowed.
    void rows(DeltaBatch batch);

    /// The next piece of the client's data, cut anywhere; not for the binary format.
    void data(byte[] bytes, int offset, int length);

    /// End of data; returns the command tag `COPY n` after the rows are in the transaction.
    String done();

    /// The client gave up: throws 57014 with its text.
    void fail(String message);

    /// Lets go of rows that were not taken. A second call does nothing.
    @Override
    void close();
  }
}
