package dev.aevum.cli.slt;

import org.jspecify.annotations.Nullable;

/// What became of a record.
///
/// @param skipped it did not run here
/// @param difference why it failed; null when it passed or was skipped
/// @param actual what the target gave, for rewriting; null where nothing ran
record SltResult(
    SltRecord record, boolean skipped, @Nullable String difference, @Nullable Actual actual) {
  /// @param header the directive line that expects exactly this, null: as it is
  /// @param block the lines after `----`, null: no block
  record Actual(@Nullable String header, java.util.@Nullable List<String> block) {}

  boolean failed() {
    return difference != null;
  }
}
