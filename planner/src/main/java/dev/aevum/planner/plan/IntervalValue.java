package dev.aevum.planner.plan;

/// An interval as PostgreSQL keeps it: three independent parts.
public record IntervalValue(int months, int days, long micros) {}
