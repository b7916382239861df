package dev.aevum.executor.kernel;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Where expressions are evaluated: memory, the time of the statement or step, the session, the row
/// errors of the current batch, and the current rows of enclosing correlations. One per statement
/// or per worker and step; used by one thread at a time.
public final class EvaluationContext {
  /// The current left row of an enclosing correlation; the batch is borrowed.
  private record OuterRow(DeltaBatch batch, int row) {}

  private final BufferAllocator allocator;
  private final SessionEnvironment session;
  private final long nowMicros;
  private RowErrors errors = new RowErrors();
  private final Map<Integer, OuterRow> outerRows = new HashMap<>();

  /// `nowMicros`: what `now()` gives, in microseconds since 1970 UTC.
  public EvaluationContext(BufferAllocator allocator, SessionEnvironment session, long nowMicros) {
    this.allocator = allocator;
    this.session = session;
    this.nowMicros = nowMicros;
  }

  public BufferAllocator allocator() {
    return allocator;
  }

  public SessionEnvironment session() {
    return session;
  }

  public long nowMicros() {
    return nowMicros;
  }

  public RowErrors errors() {
    return errors;
  }

  /// Collects errors elsewhere from now on; returns where they went before.
  public RowErrors exchangeErrors(RowErrors other) {
    RowErrors before = errors;
    errors = other;
    return before;
  }

  /// Sets the current left row of a correlation; the caller keeps the batch alive until the next
  /// call.
  public void setOuterRow(int correlation, DeltaBatch batch, int row) {
    outerRows.put(correlation, new OuterRow(batch, row));
  }

  public void clearOuterRow(int correlation) {
    outerRows.remove(correlation);
  }

  /// Column `index` of the correlation's current batch; see [#outerRow].
  public Column outerColumn(int correlation, int index) {
    return outer(correlation).batch.column(index);
  }

  public int outerRow(int correlation) {
    return outer(correlation).row;
  }

  /// The batch of a correlation; borrowed.
  public DeltaBatch outerBatch(int correlation) {
    return outer(correlation).batch;
  }

  private OuterRow outer(int correlation) {
    @Nullable OuterRow row = outerRows.get(correlation);
    if (row == null) {
      throw new IllegalStateException("no row of correlation " + correlation);
    }
    return row;
  }
}
