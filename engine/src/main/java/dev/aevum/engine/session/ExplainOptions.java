package dev.aevum.engine.session;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.parser.statement.ExplainStatement;
import dev.aevum.parser.statement.Option;
import java.util.Locale;
import java.util.Set;

/// What stands in the parentheses of EXPLAIN, as PostgreSQL takes it. Options that change what
/// PostgreSQL's planner shows (costs, buffers, ...) are accepted and change nothing here.
///
/// @param analyze run it, and tell what it did
/// @param json one JSON document in place of lines
/// @see <a href="https://www.postgresql.org/docs/15/sql-explain.html">EXPLAIN</a>
record ExplainOptions(boolean analyze, boolean json) {
  private static final Set<String> FLAGS =
      Set.of("analyze", "verbose", "costs", "settings", "buffers", "wal", "timing", "summary");
  private static final Set<String> TRUE = Set.of("true", "on", "1");
  private static final Set<String> FALSE = Set.of("false", "off", "0");

  static ExplainOptions of(ExplainStatement s) {
    boolean analyze = false;
    boolean json = false;
    for (Option option : s.options().entries()) {
      if (option.name().equals("format")) {
        json = isJson(option);
      } else if (FLAGS.contains(option.name())) {
        boolean set = flag(option);
        analyze = option.name().equals("analyze") ? set : analyze;
      } else {
        throw new SqlException(
                ErrorCode.SYNTAX_ERROR, "unrecognized EXPLAIN option \"" + option.name() + "\"")
            .at(option.nameSpan());
      }
    }
    return new ExplainOptions(analyze, json);
  }

  private static boolean flag(Option option) {
    String text = option.value().text().toLowerCase(Locale.ROOT);
    if (!TRUE.contains(text) && !FALSE.contains(text)) {
      throw new SqlException(ErrorCode.SYNTAX_ERROR, option.name() + " requires a Boolean value")
          .at(option.nameSpan());
    }
    return TRUE.contains(text);
  }

  private static boolean isJson(Option option) {
    String text = option.value().text();
    return switch (text) {
      case "text" -> false;
      case "json" -> true;
      case "xml", "yaml" ->
          throw new SqlException(
                  ErrorCode.FEATURE_NOT_SUPPORTED,
                  "EXPLAIN in format " + text + " is not supported")
              .withHint("The formats are text and json.")
              .at(option.value().span());
      default ->
          throw new SqlException(
                  ErrorCode.INVALID_PARAMETER_VALUE,
                  "unrecognized value for EXPLAIN option \"format\": \"" + text + "\"")
              .at(option.nameSpan());
    };
  }
}
