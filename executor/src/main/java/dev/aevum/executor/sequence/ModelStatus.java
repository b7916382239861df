package dev.aevum.executor.sequence;

import org.jspecify.annotations.Nullable;

/// A key's model, for whoever inspects it.
///
/// @param key the encoded partition key
/// @param learned rows
/// @param lastTime of the key's last row, microseconds
/// @param stateBytes of the key, without the table's own
/// @param resets how often it began anew
/// @param nonFinite values that were NaN or infinite
/// @param thresholds what the next row is measured by, as JSON; null in warm-up
public record ModelStatus(
    byte[] key,
    long learned,
    long lastTime,
    long stateBytes,
    long resets,
    long nonFinite,
    @Nullable String thresholds) {}
