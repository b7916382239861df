package dev.aevum.executor.function;

import static dev.aevum.executor.function.FunctionDefinitions.ANY;

import dev.aevum.executor.function.FunctionDefinitions.Definition;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.model.batch.Column;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.JavaValues;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The session and the server. PostgreSQL 17, chapter 9.27.
final class SystemFunctions {
  private static final SimpleType TEXT = SimpleType.TEXT;
  private static final SimpleType NAME = SimpleType.NAME;
  private static final SimpleType BOOLEAN = SimpleType.BOOLEAN;
  private static final SimpleType INTEGER = SimpleType.INTEGER;

  private SystemFunctions() {}

  @FunctionalInterface
  private interface SessionText {
    @Nullable String of(EvaluationContext context);
  }

  static void define(FunctionDefinitions f) {
    session(f);
    settings(f);
    processes(f);
    types(f);
    sizes(f);
  }

  private static Definition stable(
      FunctionDefinitions f, String name, SqlType result, SqlType... arguments) {
    return f.define(name).takes(arguments).returns(result).stable();
  }

  private static void session(FunctionDefinitions f) {
    name(
        f,
        "version",
        TEXT,
        "What the server is.",
        "PostgreSQL 17.0 (Aevum test)",
        c -> c.session().version());
    for (String word : List.of("current_database", "current_catalog")) {
      name(f, word, NAME, "The database of the session.", "aevum", c -> c.session().database());
    }
    for (String word : List.of("current_user", "session_user", "user", "current_role")) {
      name(f, word, NAME, "The user of the session.", "aevum", c -> c.session().user());
    }
    name(
        f,
        "current_schema",
        NAME,
        "The first schema of the search path that exists.",
        "public",
        SystemFunctions::schema);
    name(f, "getdatabaseencoding", NAME, "The encoding of the database.", "UTF8", c -> "UTF8");
    name(f, "pg_client_encoding", NAME, "The encoding of the client.", "UTF8", c -> "UTF8");
    ArrayType names = new ArrayType(NAME);
    stable(f, "current_schemas", names, BOOLEAN)
        .describe("The schemas of the search path that exist, on request with the implicit ones.")
        .example("current_schemas(true) -> {pg_catalog,public}")
        .runs(
            RowKernels.strict(
                names,
                (c, a, i, out) ->
                    JavaValues.append(c.session().searchPath(a[0].booleanAt(i)), out)));
  }

  private static @Nullable String schema(EvaluationContext context) {
    List<String> path = context.session().searchPath(false);
    return path.isEmpty() ? null : path.get(0);
  }

  private static void name(
      FunctionDefinitions f,
      String name,
      SqlType type,
      String description,
      String shown,
      SessionText text) {
    stable(f, name, type)
        .describe(description)
        .example(name + "() -> " + shown)
        .runs(RowKernels.text(type, (c, a, i) -> text.of(c)));
  }

  private static void settings(FunctionDefinitions f) {
    stable(f, "current_setting", TEXT, TEXT)
        .mayFail()
        .describe("The value of a setting.")
        .example("current_setting('timezone') -> UTC")
        .runs(RowKernels.text((c, a, i) -> setting(c, a[0].textAt(i), false)));
    stable(f, "current_setting", TEXT, TEXT, BOOLEAN)
        .mayFail()
        .describe("The value of a setting; NULL, on request, when there is no such setting.")
        .example("current_setting('no.such', true) -> NULL")
        .runs(RowKernels.text((c, a, i) -> setting(c, a[0].textAt(i), a[1].booleanAt(i))));
    f.define("set_config")
        .takes(TEXT, TEXT, BOOLEAN)
        .returns(TEXT)
        .unstable()
        .lenient()
        .mayFail()
        .describe("Changes a setting, for the transaction alone on request; gives its new value.")
        .example("set_config('application_name', 'x', false) -> x")
        .runs(RowKernels.lenientText(SystemFunctions::setConfig));
  }

  private static @Nullable String setting(
      EvaluationContext context, String name, boolean missingOk) {
    String value = context.session().setting(name.toLowerCase(java.util.Locale.ROOT));
    if (value == null && !missingOk) {
      throw new SqlException(
          ErrorCode.UNDEFINED_OBJECT, "unrecognized configuration parameter \"" + name + "\"");
    }
    return value;
  }

  private static String setConfig(EvaluationContext context, Column[] a, int i) {
    if (a[0].isNull(i)) {
      throw new SqlException(ErrorCode.NULL_VALUE_NOT_ALLOWED, "SET requires parameter name");
    }
    return context
        .session()
        .setSetting(
            a[0].textAt(i),
            a[1].isNull(i) ? "" : a[1].textAt(i),
            !a[2].isNull(i) && a[2].booleanAt(i));
  }

  private static void processes(FunctionDefinitions f) {
    stable(f, "pg_backend_pid", INTEGER)
        .describe("The number of the session's process, as for cancelling.")
        .example("pg_backend_pid() -> 77")
        .runs(RowKernels.ints((c, a, i) -> c.session().backendProcessId()));
    f.define("pg_sleep")
        .takes(SimpleType.DOUBLE)
        .returns(SimpleType.VOID)
        .unstable()
        .mayFail()
        .describe("Waits for that many seconds.")
        .example("pg_sleep(0) -> ")
        .runs(
            RowKernels.strict(
                SimpleType.VOID,
                (c, a, i, out) -> {
                  sleep(a[0].doubleAt(i));
                  out.appendText("");
                }));
    f.define("pg_advisory_unlock_all")
        .returns(SimpleType.VOID)
        .unstable()
        .describe("Releases the session's advisory locks: there are none, none can be taken.")
        .example("pg_advisory_unlock_all() -> ")
        .runs(RowKernels.strict(SimpleType.VOID, (c, a, i, out) -> out.appendText("")));
    stable(f, "pg_is_in_recovery", BOOLEAN)
        .describe("Whether the server is a standby: never.")
        .example("pg_is_in_recovery() -> f")
        .runs(RowKernels.booleans((c, a, i) -> false));
    stable(f, "pg_postmaster_start_time", SimpleType.TIMESTAMPTZ)
        .describe("When the server started, if it says so.")
        .example("pg_postmaster_start_time() -> NULL")
        .runs(
            RowKernels.strict(
                SimpleType.TIMESTAMPTZ,
                (c, a, i, out) -> {
                  String start = c.session().setting("aevum.start_time");
                  if (start == null) {
                    out.appendNull();
                  } else {
                    dev.aevum.model.text.PgText.parse(start, c.session().textStyle(), out);
                  }
                }));
    for (String name : List.of("inet_client_addr", "inet_server_addr")) {
      stable(f, name, TEXT)
          .describe("The address of the connection: not told.")
          .example(name + "() -> NULL")
          .runs(RowKernels.text((c, a, i) -> null));
    }
    stable(f, "pg_my_temp_schema", SimpleType.OID)
        .describe("The schema of temporary tables: none.")
        .example("pg_my_temp_schema() -> 0")
        .runs(RowKernels.longs(SimpleType.OID, (c, a, i) -> 0));
    stable(f, "pg_is_other_temp_schema", BOOLEAN, SimpleType.OID)
        .describe("Whether a schema holds another session's temporary tables: never.")
        .example("pg_is_other_temp_schema(5) -> f")
        .runs(RowKernels.booleans((c, a, i) -> false));
  }

  private static void types(FunctionDefinitions f) {
    f.define("pg_typeof")
        .takes(ANY)
        .returns(SimpleType.REGTYPE)
        .lenient()
        .stable()
        .describe("The type of the argument.")
        .example("pg_typeof(1)::oid -> 23")
        .runs((types, result) ->
            RowKernels.lenient(
                SimpleType.REGTYPE, (c, a, i, out) -> out.appendLong(types.get(0).oid())));
    stable(f, "format_type", TEXT, SimpleType.OID, INTEGER)
        .lenient()
        .describe("The name of a type with its modifier.")
        .example("format_type(1043, 14) -> character varying(10)")
        .runs(
            RowKernels.lenientText((c, a, i) ->
                a[0].isNull(i)
                    ? null
                    : TypeNames.format(c, a[0].longAt(i), a[1].isNull(i) ? null : a[1].intAt(i))));
    stable(f, "pg_encoding_to_char", NAME, INTEGER)
        .describe("The name of an encoding.")
        .example("pg_encoding_to_char(6) -> UTF8")
        .runs(
            RowKernels.text(
                NAME,
                (c, a, i) -> a[0].intAt(i) == 6 ? "UTF8" : a[0].intAt(i) == 0 ? "SQL_ASCII" : ""));
    stable(f, "pg_char_to_encoding", INTEGER, TEXT)
        .describe("The number of an encoding; -1 when it is unknown.")
        .example("pg_char_to_encoding('UTF8') -> 6")
        .runs(
            RowKernels.ints((c, a, i) -> {
              String name = Strings.lower(a[0].textAt(i)).replace("-", "").replace("_", "");
              return name.equals("utf8") || name.equals("unicode")
                  ? 6
                  : name.equals("sqlascii") ? 0 : -1;
            }));
  }

  private static void sleep(double seconds) {
    try {
      long millis = (long) Math.clamp(seconds * 1000, 0, (double) Integer.MAX_VALUE * 1000);
      // Nobody counts it down: only a cancel ends the wait early.
      var _ = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SqlException(ErrorCode.QUERY_CANCELED, "canceling statement due to user request");
    }
  }

  private static void sizes(FunctionDefinitions f) {
    stable(f, "pg_size_pretty", TEXT, SimpleType.BIGINT)
        .describe("A number of bytes in a readable unit.")
        .example("pg_size_pretty(12345678) -> 12 MB")
        .runs(RowKernels.text((c, a, i) -> sizePretty(a[0].longAt(i))));
  }

  private static String sizePretty(long bytes) {
    String[] units = {"bytes", "kB", "MB", "GB", "TB", "PB"};
    long size = bytes;
    int unit = 0;
    // PostgreSQL moves on at 10 kB less a rounding half, and keeps one more bit to round with.
    long limit = 10 * 1024;
    boolean halves = false;
    while (unit < units.length - 1 && Math.abs(size) >= limit) {
      size = unit == 0 ? size >> 9 : size >> 10;
      halves = true;
      limit = 20 * 1024 - 1;
      unit++;
    }
    return (halves ? (size + (size < 0 ? -1 : 1)) / 2 : size) + " " + units[unit];
  }
}
