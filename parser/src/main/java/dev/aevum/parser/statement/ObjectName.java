package dev.aevum.parser.statement;

import dev.aevum.model.error.SourceSpan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A possibly schema-qualified name: one to three parts, outermost first; [#name()] is the last.
public record ObjectName(List<String> parts, SourceSpan span) {
  public ObjectName {
    parts = List.copyOf(parts);
  }

  public String name() {
    return parts.getLast();
  }

  /// The qualifier before the name, or null where the search path decides.
  public @Nullable String schema() {
    return parts.size() < 2 ? null : parts.get(parts.size() - 2);
  }

  @Override
  public String toString() {
    return String.join(".", parts);
  }
}
