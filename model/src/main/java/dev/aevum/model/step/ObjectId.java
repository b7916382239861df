package dev.aevum.model.step;

/// Identity of a state object: operator `operator` of relation `relation` (a view's or sink's
/// object id); operators are numbered by the plan's post-order, so equal plans give equal ids.
/// Contents of a relation are operator 0.
public record ObjectId(int relation, int operator) {
  public static ObjectId contents(int relation) {
    return new ObjectId(relation, 0);
  }

  public long packed() {
    return ((long) relation << 32) | operator;
  }
}
