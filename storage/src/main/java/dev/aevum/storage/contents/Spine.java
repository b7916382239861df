package dev.aevum.storage.contents;

import java.util.ArrayList;
import java.util.List;

/// One relation's runs at one version, oldest first, over an optional base, with the row count.
/// Immutable.
///
/// @param base what has left memory, or null
record Spine(
    ContentsLayout layout,
    List<Run> runs,
    @org.jspecify.annotations.Nullable BaseView base,
    long rows) {
  Spine {
    runs = List.copyOf(runs);
  }

  Spine with(Run run) {
    List<Run> more = new ArrayList<>(runs);
    more.add(run);
    return new Spine(layout, more, base, Math.addExact(rows, run.totalWeight()));
  }

  EntryCursor entries(byte[] prefix) {
    List<EntryCursor> cursors = new ArrayList<>();
    if (base != null) {
      cursors.add(base.entries(layout.relation(), prefix));
    }
    for (Run run : runs) {
      int first = run.lowerBound(prefix, prefix.length);
      if (first < run.entries() && run.startsWith(first, prefix, prefix.length)) {
        cursors.add(new RunCursor(run, prefix, first));
      }
    }
    return cursors.size() == 1 ? cursors.getFirst() : new MergeCursor(cursors);
  }

  /// As [#entries] for the bytes of a whole key: runs that never saw it are told by their filters.
  EntryCursor find(byte[] key) {
    long hash = KeyFilter.hash(key, 0, key.length);
    List<EntryCursor> cursors = new ArrayList<>();
    if (base != null) {
      cursors.add(base.entries(layout.relation(), key));
    }
    for (Run run : runs) {
      if (run.filter().mayHold(hash)) {
        int first = run.lowerBound(key, key.length);
        if (first < run.entries() && run.startsWith(first, key, key.length)) {
          cursors.add(new RunCursor(run, key, first));
        }
      }
    }
    return cursors.size() == 1 ? cursors.getFirst() : new MergeCursor(cursors);
  }

  /// The runs alone, merged.
  EntryCursor changes() {
    List<EntryCursor> cursors = new ArrayList<>();
    for (Run run : runs) {
      cursors.add(new RunCursor(run, new byte[0]));
    }
    return new MergeCursor(cursors);
  }

  long sizeBytes() {
    long size = 0;
    for (Run run : runs) {
      size += run.sizeBytes();
    }
    return size;
  }
}
