package dev.aevum.executor.step;

import org.jspecify.annotations.Nullable;

/// The model of a key in a running view.
///
/// @param ordinal of the operator, see [OperatorStatus]
/// @param key the partition columns as a JSON object
/// @param learned rows
/// @param warmupLeft rows until it judges
/// @param lastMicros time of the key's last row
/// @param stateBytes of the key
/// @param resets how often it began anew
/// @param replayed rows that were folded again
/// @param forgotten changes that came too late to be folded
/// @param nonFinite values that were NaN or infinite
/// @param thresholds what the next row is measured by, as JSON; null where that is not known
public record ModelState(
    int view,
    int ordinal,
    String function,
    String key,
    long learned,
    long warmupLeft,
    long lastMicros,
    long stateBytes,
    long resets,
    long replayed,
    long forgotten,
    long nonFinite,
    @Nullable String thresholds) {}
