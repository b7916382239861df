package dev.aevum.executor.step;

/// What a worker is busy with.
///
/// @param sinceNanos when the operator was entered, by the engine's nano clock
public record RunningOperator(int worker, int view, String operatorName, long sinceNanos) {}
