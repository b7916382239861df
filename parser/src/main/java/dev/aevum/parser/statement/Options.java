package dev.aevum.parser.statement;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The `WITH (...)` list of a statement in the order written. A name given twice was already
/// refused with 42601.
public record Options(List<Option> entries) {
  public Options {
    entries = List.copyOf(entries);
  }

  public static final Options NONE = new Options(List.of());

  public @Nullable Option find(String name) {
    for (Option option : entries) {
      if (option.name().equals(name)) {
        return option;
      }
    }
    return null;
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }
}
