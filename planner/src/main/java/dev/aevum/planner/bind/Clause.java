package dev.aevum.planner.bind;

/// Where an expression stands: what it may contain, and how errors call the place.
enum Clause {
  SELECT("SELECT", true, true, true),
  ORDER_BY("ORDER BY", true, true, true),
  DISTINCT_ON("DISTINCT ON", true, true, false),
  HAVING("HAVING", true, false, false),
  WHERE("WHERE", false, false, false),
  GROUP_BY("GROUP BY", false, false, false),
  JOIN("JOIN conditions", false, false, false),
  FROM_FUNCTION("functions in FROM", false, false, true),
  VALUES("VALUES", false, false, false),
  LIMIT("LIMIT", false, false, false),
  UPDATE("UPDATE", false, false, false),
  RETURNING("RETURNING", false, false, false),
  DEFAULT("DEFAULT expressions", false, false, false),
  WATERMARK("WATERMARK expressions", false, false, false),
  FILTER("FILTER", false, false, false),
  AGGREGATE_ARGUMENT("aggregate arguments", false, false, false),
  DEFINE("DEFINE", true, false, false),
  MEASURES("MEASURES", true, false, false),
  WINDOW_DEFINITION("window definitions", true, false, false);

  private final String shown;
  private final boolean aggregates;
  private final boolean windows;
  private final boolean sets;

  Clause(String shown, boolean aggregates, boolean windows, boolean sets) {
    this.shown = shown;
    this.aggregates = aggregates;
    this.windows = windows;
    this.sets = sets;
  }

  String shown() {
    return shown;
  }

  boolean allowsAggregates() {
    return aggregates;
  }

  boolean allowsWindows() {
    return windows;
  }

  boolean allowsSets() {
    return sets;
  }
}
