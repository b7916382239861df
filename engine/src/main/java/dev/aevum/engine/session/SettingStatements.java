package dev.aevum.engine.session;

import dev.aevum.engine.api.Session.Prepared;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.parser.statement.DiscardStatement;
import dev.aevum.parser.statement.ResetStatement;
import dev.aevum.parser.statement.SetStatement;
import java.util.stream.Collectors;

/// SET, RESET, DISCARD.
final class SettingStatements {
  private final SessionImpl session;

  SettingStatements(SessionImpl session) {
    this.session = session;
  }

  Prepared set(SetStatement statement) {
    return Commands.command(() -> {
      try {
        apply(statement);
      } catch (SqlException e) {
        throw e.span() == null ? e.at(statement.span()) : e;
      }
      return "SET";
    });
  }

  private void apply(SetStatement statement) {
    String name = statement.name();
    switch (name) {
      case "session_authorization", "role" -> {
        String value = statement.values().isEmpty() ? "none" : statement.values().getFirst().text();
        boolean own =
            value.equals("none") || value.equals("default") || value.equals(session.user());
        if (!own) {
          throw new SqlException(
              ErrorCode.UNDEFINED_OBJECT, "role \"" + value + "\" does not exist");
        }
      }
      default -> {
        if (statement.values().isEmpty()) {
          session.settings().reset(name);
        } else {
          session.settings().set(name, text(statement), statement.local());
        }
      }
    }
  }

  /// A list is joined; in `search_path` a quoted element keeps its quotes, as its parts are names.
  private static String text(SetStatement statement) {
    return statement.values().stream()
        .map(v ->
            statement.name().equals("search_path")
                    && v.quoted()
                    && !v.text().matches("[a-z_][a-z0-9_]*")
                ? '"' + v.text().replace("\"", "\"\"") + '"'
                : v.text())
        .collect(Collectors.joining(", "));
  }

  Prepared reset(ResetStatement statement) {
    return Commands.command(() -> {
      if (statement.name() == null) {
        session.settings().resetAll();
      } else {
        session.settings().reset(statement.name());
      }
      return "RESET";
    });
  }

  Prepared discard(DiscardStatement statement) {
    return Commands.command(() -> {
      switch (statement.target()) {
        case ALL -> {
          if (session.transaction().inBlock()) {
            throw new SqlException(
                ErrorCode.ACTIVE_SQL_TRANSACTION,
                "DISCARD ALL cannot run inside a transaction block");
          }
          session.named().close();
          session.settings().resetAll();
        }
        case PLANS, SEQUENCES, TEMP -> {}
      }
      return "DISCARD " + statement.target().name();
    });
  }
}
