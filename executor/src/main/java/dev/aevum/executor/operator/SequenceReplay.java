package dev.aevum.executor.operator;

import java.util.ArrayList;
import java.util.List;

/// The rows that are about to be folded, in order: where their results belong.
final class SequenceReplay {
  private record Place(SequenceHistory.Key key, SequenceHistory.Row row, int copy) {}

  private final List<Place> places = new ArrayList<>();

  void add(SequenceHistory.Key key, SequenceHistory.Row row, int copy) {
    places.add(new Place(key, row, copy));
  }

  SequenceHistory.Row row(int i) {
    return places.get(i).row;
  }

  int copy(int i) {
    return places.get(i).copy;
  }

  /// Keeps the rows with the results that they have now.
  void store() {
    for (int i = 0; i < places.size(); i++) {
      Place p = places.get(i);
      boolean isLast = i + 1 == places.size() || places.get(i + 1).row != p.row;
      if (isLast && p.row.isAltered()) {
        p.key.put(p.row);
      }
    }
  }

  void clear() {
    places.clear();
  }
}
