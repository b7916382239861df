package dev.aevum.wire.postgres;

import dev.aevum.engine.api.ResultColumn;
import dev.aevum.engine.api.Session;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SimpleType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A session of [FakeDatabase].
final class FakeSession implements Session {
  final FakeDatabase database;
  private final int processId;
  final Map<String, String> settings = new LinkedHashMap<>();
  private final List<Notice> notices = new ArrayList<>();
  final List<FakePortal> portals = new ArrayList<>();
  final List<String> mine = new ArrayList<>();
  private TransactionStatus status = TransactionStatus.IDLE;
  private Predicate<String> forget = name -> false;
  private boolean failCommit;
  private volatile @Nullable Thread sleeper;
  private boolean closed;

  FakeSession(FakeDatabase database, Map<String, String> startup) {
    this.database = database;
    this.processId = database.processIds.incrementAndGet();
    settings.put("server_version", "15.99");
    settings.put("server_encoding", "UTF8");
    settings.put("client_encoding", "UTF8");
    settings.put("DateStyle", "ISO, MDY");
    settings.put("integer_datetimes", "on");
    settings.put("standard_conforming_strings", "on");
    settings.put("TimeZone", "UTC");
    settings.put("application_name", startup.getOrDefault("application_name", ""));
    settings.put("statement_timeout", startup.getOrDefault("statement_timeout", "0"));
    settings.put("search_path", startup.getOrDefault("search_path", "public"));
  }

  @Override
  public int processId() {
    return processId;
  }

  @Override
  public int cancelKey() {
    return 0x01020300 + processId;
  }

  @Override
  public List<Parsed> split(String sql) {
    List<Parsed> parsed = new ArrayList<>();
    int at = 0;
    for (String part : sql.split(";")) {
      if (!part.isBlank()) {
        parsed.add(parse(part.strip(), at + part.indexOf(part.strip()) + 1));
      }
      at += part.length() + 1;
    }
    return parsed;
  }

  private Parsed parse(String text, int position) {
    String word = text.split("\\s+")[0].toUpperCase(Locale.ROOT);
    if (!List.of(
            "BEGIN COMMIT ROLLBACK PUT GET ROWS ECHO FAIL BUG SLEEP WARN SET SHOW COPY DEALLOCATE"
                .split(" "))
        .contains(word)) {
      throw new SqlException(ErrorCode.SYNTAX_ERROR, "syntax error at or near \"" + word + "\"")
          .at(new SourceSpan(position, position + word.length()));
    }
    return new FakeParsed(text, word, position);
  }

  @Override
  public Prepared prepare(Parsed statement, List<Integer> parameterTypes) {
    return new FakePrepared(this, (FakeParsed) statement);
  }

  @Override
  public void beginImplicit() {}

  /// There is one cursor.
  @Override
  public @Nullable List<ResultColumn> cursorColumns(String name) {
    return name.equals("declared")
        ? List.of(new ResultColumn("id", SimpleType.BIGINT, 0, 0))
        : null;
  }

  @Override
  public void sync(boolean failed) {
    if (failed) {
      if (status == TransactionStatus.IDLE) {
        mine.clear();
      } else {
        status = TransactionStatus.FAILED_BLOCK;
      }
    } else if (status == TransactionStatus.IDLE) {
      commit();
    }
    if (status == TransactionStatus.IDLE) {
      List.copyOf(portals).forEach(FakePortal::close);
    }
  }

  private void commit() {
    boolean fail = failCommit;
    failCommit = false;
    if (fail) {
      mine.clear();
      throw new SqlException(ErrorCode.SERIALIZATION_FAILURE, "could not serialize access");
    }
    database.committed.addAll(mine);
    mine.clear();
  }

  @Override
  public TransactionStatus status() {
    return status;
  }

  @Override
  public Map<String, String> reportedSettings() {
    return settings;
  }

  @Override
  public TextStyle textStyle() {
    return TextStyle.DEFAULT;
  }

  @Override
  public void cancel() {
    Thread thread = sleeper;
    if (thread != null) {
      thread.interrupt();
    }
  }

  @Override
  public List<Notice> takeNotices() {
    List<Notice> taken = List.copyOf(notices);
    notices.clear();
    return taken;
  }

  @Override
  public long statementTimeoutMillis() {
    return Long.parseLong(settings.get("statement_timeout"));
  }

  @Override
  public void protocolStatements(Predicate<String> toForget) {
    forget = toForget;
  }

  @Override
  public long idleInTransactionTimeoutMillis() {
    return Long.parseLong(settings.getOrDefault("idle_in_transaction_session_timeout", "0"));
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      List.copyOf(portals).forEach(FakePortal::close);
      database.openSessions.decrementAndGet();
    }
  }

  String run(FakeParsed statement) {
    String argument = statement.argument();
    switch (statement.word()) {
      case "BEGIN" -> {
        if (status != TransactionStatus.IDLE) {
          notices.add(
              new Notice(
                  "WARNING", "25001", "there is already a transaction in progress", null, null));
        } else {
          status = TransactionStatus.BLOCK;
        }
        return "BEGIN";
      }
      case "COMMIT", "ROLLBACK" -> {
        boolean failed =
            status == TransactionStatus.FAILED_BLOCK || statement.word().equals("ROLLBACK");
        if (status == TransactionStatus.IDLE) {
          notices.add(
              new Notice("WARNING", "25P01", "there is no transaction in progress", null, null));
        }
        status = TransactionStatus.IDLE;
        if (failed) {
          mine.clear();
        } else {
          commit();
        }
        return failed ? "ROLLBACK" : "COMMIT";
      }
      case "PUT" -> {
        mine.add(argument);
        return "INSERT 0 1";
      }
      case "SET" -> {
        String[] pair = argument.split("\\s*=\\s*|\\s+TO\\s+|\\s+");
        settings.put(pair[0], pair[1].replace("'", ""));
        return "SET";
      }
      case "WARN" -> {
        notices.add(new Notice("NOTICE", "00000", "take care", "The detail.", "The hint."));
        return "WARN";
      }
      case "FAIL" -> {
        if (argument.equals("COMMIT")) {
          failCommit = true;
          return "FAIL";
        }
        throw new SqlException(ErrorCode.DIVISION_BY_ZERO, "division by zero")
            .withDetail("The detail.")
            .withHint("The hint.")
            .at(new SourceSpan(statement.position(), statement.position() + 4));
      }
      case "BUG" -> throw new IllegalStateException("secret of the code");
      case "SLEEP" -> {
        return sleep();
      }
      default -> {
        String upper = statement.text().toUpperCase(Locale.ROOT);
        if (statement.word().equals("DEALLOCATE") && !upper.equals("DEALLOCATE ALL")) {
          if (!forget.test(argument)) {
            throw new SqlException(
                ErrorCode.INVALID_SQL_STATEMENT_NAME,
                "prepared statement \"" + argument + "\" does not exist");
          }
          return "DEALLOCATE";
        }
        return upper;
      }
    }
  }

  private String sleep() {
    sleeper = Thread.currentThread();
    database.sleeping.release();
    try {
      new Semaphore(0).acquire();
      throw new AssertionError("nobody releases");
    } catch (InterruptedException e) {
      throw new SqlException(ErrorCode.QUERY_CANCELED, "canceling statement due to user request");
    } finally {
      sleeper = null;
      Thread.interrupted();
    }
  }
}
