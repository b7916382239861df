package dev.aevum.planner.plan;

/// Order by one column of the input; PostgreSQL's default is NULLs last ascending, first
/// descending.
public record SortKey(int column, boolean descending, boolean nullsFirst) {}
