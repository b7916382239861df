package dev.aevum.engine.session;

import dev.aevum.engine.api.Portal;
import dev.aevum.engine.api.ResultColumn;
import dev.aevum.executor.kernel.Gather;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.DeltaBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A write: all of it is done at the first fetch, then come the rows of RETURNING.
final class WritePortal implements Portal {
  private final SessionImpl session;
  private final @Nullable List<ResultColumn> columns;
  private final WriteExecution execution;
  private @Nullable String tag;
  private int given;

  WritePortal(SessionImpl session, @Nullable List<ResultColumn> columns, WriteExecution execution) {
    this.session = session;
    this.columns = columns;
    this.execution = execution;
  }

  @Override
  public @Nullable List<ResultColumn> columns() {
    return columns;
  }

  @Override
  public Fetched fetch(int maxRows) {
    String known = tag;
    if (known == null) {
      known = session.running(execution::run);
      tag = known;
    }
    DeltaBatch next = execution.returned().peek();
    if (next == null) {
      return new Fetched(null, true, known, null, 0);
    }
    int left = next.rows() - given;
    if (maxRows <= 0 || left <= maxRows) {
      execution.returned().remove();
      DeltaBatch rest = given == 0 ? next : cut(next, given, left);
      given = 0;
      return new Fetched(rest, false, null, null, 0);
    }
    DeltaBatch piece = cut(next.retain(), given, maxRows);
    given += maxRows;
    return new Fetched(piece, false, null, null, 0);
  }

  private DeltaBatch cut(DeltaBatch batch, int from, int count) {
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = from + i;
    }
    try (batch) {
      return Gather.gather(session.allocator(), batch, Selection.of(rows, count));
    }
  }

  @Override
  public void close() {
    execution.close();
  }
}
