package dev.aevum.model.error;

import org.jspecify.annotations.Nullable;

/// The one exception that carries an error to a user. Message style is PostgreSQL's: lower-case
/// start, no full stop, identifiers in double quotes; detail and hint are sentences. Build it with
/// the named factories ([ConstraintErrors], ...) so that the wording stands in one place.
public final class SqlException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final @Nullable String detail;
  private final @Nullable String hint;
  private final transient @Nullable SourceSpan span;
  private final transient @Nullable ErrorObject object;
  private final @Nullable String context;

  public SqlException(
      ErrorCode code,
      String message,
      @Nullable String detail,
      @Nullable String hint,
      @Nullable SourceSpan span,
      @Nullable Throwable cause) {
    this(code, message, detail, hint, span, null, null, cause);
  }

  private SqlException(
      ErrorCode code,
      String message,
      @Nullable String detail,
      @Nullable String hint,
      @Nullable SourceSpan span,
      @Nullable ErrorObject object,
      @Nullable String context,
      @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.detail = detail;
    this.hint = hint;
    this.span = span;
    this.object = object;
    this.context = context;
  }

  public SqlException(ErrorCode code, String message) {
    this(code, message, null, null, null, null);
  }

  public ErrorCode code() {
    return code;
  }

  public String sqlState() {
    return code.sqlState();
  }

  /// Never null, unlike the inherited one.
  public String text() {
    return java.util.Objects.requireNonNull(getMessage());
  }

  public @Nullable String detail() {
    return detail;
  }

  public @Nullable String hint() {
    return hint;
  }

  public @Nullable SourceSpan span() {
    return span;
  }

  /// What the error is about, for clients that act upon it.
  public @Nullable ErrorObject object() {
    return object;
  }

  /// Where in the work it happened: PostgreSQL's CONTEXT, such as the line of COPY data.
  public @Nullable String context() {
    return context;
  }

  public SqlException withDetail(String newDetail) {
    return new SqlException(code, text(), newDetail, hint, span, object, context, getCause());
  }

  public SqlException withHint(String newHint) {
    return new SqlException(code, text(), detail, newHint, span, object, context, getCause());
  }

  public SqlException at(@Nullable SourceSpan newSpan) {
    return new SqlException(code, text(), detail, hint, newSpan, object, context, getCause());
  }

  public SqlException about(ErrorObject newObject) {
    return new SqlException(code, text(), detail, hint, span, newObject, context, getCause());
  }

  public SqlException in(String newContext) {
    return new SqlException(code, text(), detail, hint, span, object, newContext, getCause());
  }
}
