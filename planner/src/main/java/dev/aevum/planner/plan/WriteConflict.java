package dev.aevum.planner.plan;

/// What an INSERT does with a row whose key is there. NONE: there is no ON CONFLICT, or no key that
/// could conflict.
public enum WriteConflict {
  NONE,
  NOTHING,
  UPDATE
}
