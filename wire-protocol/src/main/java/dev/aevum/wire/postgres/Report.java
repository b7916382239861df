package dev.aevum.wire.postgres;

import dev.aevum.engine.api.Session.Notice;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.ErrorObject;
import dev.aevum.model.error.SqlException;
import dev.aevum.wire.postgres.message.BackendWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Errors and notices as messages.
final class Report {
  private static final Logger LOG = LoggerFactory.getLogger(Report.class);

  enum Severity {
    ERROR,
    /// The connection ends with it.
    FATAL
  }

  private Report() {}

  static void error(BackendWriter out, Severity severity, SqlException error) {
    Map<Character, @Nullable String> fields =
        fields(severity.name(), error.sqlState(), error.text(), error.detail(), error.hint());
    fields.put('P', error.span() == null ? null : Integer.toString(error.span().start()));
    fields.put('W', error.context());
    ErrorObject object = error.object();
    if (object != null) {
      fields.put('s', object.schema());
      fields.put('t', object.table());
      fields.put('c', object.column());
      fields.put('n', object.constraint());
    }
    out.report('E', fields);
  }

  static void notice(BackendWriter out, Notice notice) {
    out.report(
        'N',
        fields(
            notice.severity(),
            notice.sqlState(),
            notice.message(),
            notice.detail(),
            notice.hint()));
  }

  /// Any failure as what the client is told. What is neither an [SqlException] nor a want of memory
  /// or stack is a defect: it is logged with its stack under an incident id, and only the id is
  /// sent.
  static SqlException translate(Throwable failure, String incident) {
    return switch (failure) {
      case SqlException e -> e;
      case StackOverflowError e ->
          new SqlException(ErrorCode.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded")
              .withHint("The statement is nested too deeply: split it, for example with views.");
      case OutOfMemoryException e -> outOfMemory(e, incident);
      case OutOfMemoryError e -> outOfMemory(e, incident);
      default -> {
        LOG.error("statement failed with an internal error, incident={}", incident, failure);
        yield new SqlException(ErrorCode.INTERNAL_ERROR, "internal error, incident " + incident)
            .withHint("The server's log has the details under this incident.");
      }
    };
  }

  private static SqlException outOfMemory(Throwable failure, String incident) {
    LOG.warn("statement failed for want of memory, incident={}", incident, failure);
    return new SqlException(ErrorCode.OUT_OF_MEMORY, "out of memory")
        .withHint(
            "Ask for less at once, or give the server more with --memory. Its log has the details under incident "
                + incident
                + ".");
  }

  private static Map<Character, @Nullable String> fields(
      String severity,
      String sqlState,
      String message,
      @Nullable String detail,
      @Nullable String hint) {
    Map<Character, @Nullable String> fields = new LinkedHashMap<>();
    fields.put('S', severity);
    fields.put('V', severity);
    fields.put('C', sqlState);
    fields.put('M', message);
    fields.put('D', detail);
    fields.put('H', hint);
    return fields;
  }
}
