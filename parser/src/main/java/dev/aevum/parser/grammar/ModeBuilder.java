package dev.aevum.parser.grammar;

import dev.aevum.parser.statement.TransactionModes;
import org.jspecify.annotations.Nullable;

/// Collects a list of transaction modes.
final class ModeBuilder {
  TransactionModes.@Nullable Isolation isolation;
  @Nullable Boolean readOnly;
  @Nullable Boolean deferrable;

  TransactionModes build() {
    return new TransactionModes(isolation, readOnly, deferrable);
  }
}
