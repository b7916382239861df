package dev.aevum.cli.project;

import dev.aevum.engine.api.Portal;
import dev.aevum.engine.api.ResultColumn;
import dev.aevum.engine.api.Session;
import dev.aevum.engine.runtime.DatabaseConfig;
import dev.aevum.engine.runtime.DatabaseRuntime;
import dev.aevum.engine.session.SessionRegistry;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A database in this process whose results are printed as psql prints them.
final class PrintingSession implements AutoCloseable {
  private final DatabaseRuntime runtime;
  private final Session session;

  PrintingSession(DatabaseConfig config) {
    runtime =
        new DatabaseRuntime(
            config,
            t -> {
              throw new IllegalStateException(t);
            });
    session =
        new SessionRegistry(runtime)
            .openSession("test", Map.of("user", "aevum", "database", "aevum"));
  }

  void run(String script) {
    for (Session.Parsed statement : session.split(script)) {
      execute(statement, new ArrayList<>(), new ArrayList<>());
    }
  }

  /// The last statement of a script.
  String last(String script) {
    return session.split(script).getLast().text();
  }

  String print(String sql) {
    List<ResultColumn> columns = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    execute(session.split(sql).getLast(), columns, rows);
    return table(columns, rows);
  }

  private void execute(
      Session.Parsed statement, List<ResultColumn> columns, List<List<String>> rows) {
    boolean failed = true;
    session.beginImplicit();
    try {
      Session.Prepared prepared = session.prepare(statement, List.of());
      List<ResultColumn> found = prepared.columns();
      if (found != null) {
        columns.addAll(found);
      }
      try (Portal portal = prepared.bind(List.of())) {
        boolean done = false;
        while (!done) {
          Portal.Fetched piece = portal.fetch(0);
          try (DeltaBatch batch = piece.batch()) {
            if (batch != null) {
              add(batch, rows);
            }
          }
          done = piece.done();
        }
      }
      failed = false;
    } finally {
      session.sync(failed);
    }
  }

  private static void add(DeltaBatch batch, List<List<String>> rows) {
    for (int row = 0; row < batch.rows(); row++) {
      List<String> cells = new ArrayList<>();
      for (int c = 0; c < batch.columnCount(); c++) {
        cells.add(
            batch.column(c).isNull(row)
                ? ""
                : PgText.text(batch.column(c), row, TextStyle.DEFAULT));
      }
      rows.add(cells);
    }
  }

  private static String table(List<ResultColumn> columns, List<List<String>> rows) {
    int[] widths = new int[columns.size()];
    for (int c = 0; c < widths.length; c++) {
      widths[c] = columns.get(c).name().length();
      for (List<String> row : rows) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    StringBuilder out = new StringBuilder();
    StringBuilder rule = new StringBuilder();
    for (int c = 0; c < widths.length; c++) {
      String name = columns.get(c).name();
      int left = (widths[c] - name.length()) / 2;
      out.append(c == 0 ? " " : " | ")
          .append(" ".repeat(left))
          .append(name)
          .append(c == widths.length - 1 ? "" : " ".repeat(widths[c] - name.length() - left));
      rule.append(c == 0 ? "-" : "-+-").append("-".repeat(widths[c]));
    }
    out.append('\n').append(rule).append("-\n");
    for (List<String> row : rows) {
      for (int c = 0; c < widths.length; c++) {
        String cell = row.get(c);
        String pad = " ".repeat(widths[c] - cell.length());
        out.append(c == 0 ? " " : " | ");
        if (isNumber(columns.get(c).type())) {
          out.append(pad).append(cell);
        } else {
          out.append(cell).append(c == widths.length - 1 ? "" : pad);
        }
      }
      out.append('\n');
    }
    return out.append('(')
        .append(rows.size())
        .append(rows.size() == 1 ? " row)\n" : " rows)\n")
        .toString();
  }

  private static boolean isNumber(SqlType type) {
    return type instanceof DecimalType
        || type == SimpleType.SMALLINT
        || type == SimpleType.INTEGER
        || type == SimpleType.BIGINT
        || type == SimpleType.NUMERIC
        || type == SimpleType.REAL
        || type == SimpleType.DOUBLE
        || type == SimpleType.OID;
  }

  @Override
  public void close() {
    session.close();
    runtime.close();
  }
}
