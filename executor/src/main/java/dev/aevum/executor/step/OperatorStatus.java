package dev.aevum.executor.step;

/// Counters of one operator on one worker since it was deployed.
///
/// @param ordinal the plan node's place in post-order, from 1
/// @param pushNanos own time while input was pushed, without that of operators downstream
/// @param flushNanos own time in the flush and time phase
/// @param stateKeys keys of which rows are kept, -1 where that is not known
/// @param stateRows rows that are kept, -1 where that is not known
/// @param oldestMicros no kept row has an earlier time; [dev.aevum.model.step.Watermarks#NONE]
///   where nothing is known
/// @param rowsDropped late rows, rows without a window
/// @param watermark microseconds; [dev.aevum.model.step.Watermarks#NONE] where none reaches
public record OperatorStatus(
    int view,
    int ordinal,
    String name,
    int worker,
    long rowsIn,
    long rowsOut,
    long pushNanos,
    long flushNanos,
    long stateBytes,
    long stateKeys,
    long stateRows,
    long oldestMicros,
    long watermark,
    long rowsDropped) {}
