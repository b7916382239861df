package dev.aevum.parser.statement;

import dev.aevum.parser.tree.TypeName;
import java.util.List;

/// PREPARE name [(types)] AS statement; `text` is the statement's own text.
public record PrepareStatement(
    Name name, List<TypeName> parameterTypes, Statement statement, String text)
    implements Statement {
  public PrepareStatement {
    parameterTypes = List.copyOf(parameterTypes);
  }
}
