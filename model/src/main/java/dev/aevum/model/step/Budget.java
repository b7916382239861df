package dev.aevum.model.step;

/// How much a source may hand over in one call.
public record Budget(int rows, long bytes) {}
