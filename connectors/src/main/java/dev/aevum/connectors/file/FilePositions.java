package dev.aevum.connectors.file;

import dev.aevum.model.step.Position;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How far each file was read: by path, the file's identity (inode; empty where the system has
/// none) and the byte after the last row. As text, a line `offset identity path` a file. One
/// thread.
final class FilePositions {
  /// Where one file stands.
  record Entry(String identity, long offset) {}

  private final Map<Path, Entry> entries = new TreeMap<>();

  FilePositions(@Nullable Position position) {
    if (position == null || position.encoded().isEmpty()) {
      return;
    }
    for (String line : position.encoded().split("\n", -1)) {
      String[] parts = line.split(" ", 3);
      entries.put(Path.of(parts[2]), new Entry(parts[1], Long.parseLong(parts[0])));
    }
  }

  Map<Path, Entry> entries() {
    return entries;
  }

  void put(Path path, String identity, long offset) {
    entries.put(path, new Entry(identity.isEmpty() ? "-" : identity.replace(' ', '_'), offset));
  }

  Position encode() {
    StringBuilder text = new StringBuilder();
    entries.forEach((path, entry) ->
        text.append(text.isEmpty() ? "" : "\n")
            .append(entry.offset())
            .append(' ')
            .append(entry.identity())
            .append(' ')
            .append(path));
    return new Position(text.toString());
  }
}
