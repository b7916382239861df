package dev.aevum.parser;

import dev.aevum.parser.lexer.Keywords;
import dev.aevum.parser.lexer.Lexer;
import dev.aevum.parser.statement.CreateMaterializedViewStatement;
import dev.aevum.parser.statement.CreateModelStatement;
import dev.aevum.parser.statement.CreateSinkStatement;
import dev.aevum.parser.statement.CreateStreamStatement;
import dev.aevum.parser.statement.CreateTableStatement;
import dev.aevum.parser.statement.CreateViewStatement;
import dev.aevum.parser.statement.ObjectName;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The text of a definition under another name. Any thread.
public final class Renaming {
  private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");

  private Renaming() {}

  /// A CREATE statement with the name of its object replaced, all else as written; a text that
  /// names another object (a table made on the way) stays as it is.
  public static String renamed(String definition, String oldName, String newName) {
    ObjectName named = nameOf(definition);
    if (named == null || !named.name().equals(oldName)) {
      return definition;
    }
    int end = named.span().end() - 1;
    int start =
        Lexer.lex(definition).stream()
            .filter(lexeme -> lexeme.end() == end)
            .findFirst()
            .orElseThrow()
            .start();
    return definition.substring(0, start) + quoted(newName) + definition.substring(end);
  }

  private static @Nullable ObjectName nameOf(String definition) {
    return switch (SqlParser.parseOne(definition)) {
      case CreateStreamStatement s -> s.name();
      case CreateTableStatement s -> s.name();
      case CreateViewStatement s -> s.name();
      case CreateMaterializedViewStatement s -> s.name();
      case CreateSinkStatement s -> s.name();
      case CreateModelStatement s -> s.name();
      default -> null;
    };
  }

  private static String quoted(String name) {
    Keywords.@Nullable Keyword word = Keywords.find(name);
    boolean plain =
        PLAIN.matcher(name).matches()
            && (word == null || word.category() == Keywords.Category.UNRESERVED);
    return plain ? name : '"' + name.replace("\"", "\"\"") + '"';
  }
}
