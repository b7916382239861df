package dev.aevum.engine.session;

import dev.aevum.engine.api.Portal;
import dev.aevum.engine.api.ResultColumn;
import dev.aevum.engine.api.Session.Prepared;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.text.JavaValues;
import dev.aevum.model.type.SqlType;
import java.util.List;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Prepared statements that are not queries: those that run once and give a tag, and those that
/// give a few computed rows.
final class Commands {
  private Commands() {}

  /// Runs `action` when executed; it gives the command tag.
  static Prepared command(Supplier<String> action) {
    return new CommandPrepared(action);
  }

  private record CommandPrepared(Supplier<String> action) implements Prepared {
    @Override
    public List<SqlType> parameterTypes() {
      return List.of();
    }

    @Override
    public @Nullable List<ResultColumn> columns() {
      return null;
    }

    @Override
    public Portal bind(List<Column> parameters) {
      return new CommandPortal(action);
    }
  }

  private static final class CommandPortal implements Portal {
    private final Supplier<String> action;

    CommandPortal(Supplier<String> action) {
      this.action = action;
    }

    @Override
    public @Nullable List<ResultColumn> columns() {
      return null;
    }

    @Override
    public Fetched fetch(int maxRows) {
      return new Fetched(null, true, action.get(), null, 0);
    }

    @Override
    public void close() {}
  }

  /// Gives rows of values (carriers); `tag` is the command tag without a count (`SHOW`), or
  /// `SELECT`.
  static Prepared rows(
      BufferAllocator allocator,
      List<ResultColumn> columns,
      String tag,
      Supplier<List<List<@Nullable Object>>> rows) {
    return new RowsPrepared(allocator, columns, tag, rows);
  }

  private record RowsPrepared(
      BufferAllocator allocator,
      List<ResultColumn> columns,
      String tag,
      Supplier<List<List<@Nullable Object>>> rows)
      implements Prepared {
    @Override
    public List<SqlType> parameterTypes() {
      return List.of();
    }

    @Override
    public Portal bind(List<Column> parameters) {
      return new RowsPortal(this);
    }
  }

  private static final class RowsPortal implements Portal {
    private final RowsPrepared prepared;
    private @Nullable List<List<@Nullable Object>> rows;
    private int given;

    RowsPortal(RowsPrepared prepared) {
      this.prepared = prepared;
    }

    @Override
    public List<ResultColumn> columns() {
      return prepared.columns();
    }

    @Override
    public Fetched fetch(int maxRows) {
      List<List<@Nullable Object>> all = rows;
      if (all == null) {
        all = prepared.rows().get();
        rows = all;
      }
      int count = maxRows > 0 ? Math.min(maxRows, all.size() - given) : all.size() - given;
      if (count == 0) {
        String tag = prepared.tag().equals("SELECT") ? "SELECT " + all.size() : prepared.tag();
        return new Fetched(null, true, tag, null, 0);
      }
      List<SqlType> types = prepared.columns().stream().map(ResultColumn::type).toList();
      try (BatchWriter out = new BatchWriter(prepared.allocator(), types, false, count)) {
        for (List<@Nullable Object> row : all.subList(given, given + count)) {
          for (int i = 0; i < row.size(); i++) {
            JavaValues.append(row.get(i), out.column(i));
          }
          out.endRow();
        }
        given += count;
        DeltaBatch batch = out.finish();
        return new Fetched(batch, false, null, null, 0);
      }
    }

    @Override
    public void close() {}
  }
}
