package dev.aevum.storage.contents;

/// A consistent, unchanging view of the contents that have left memory (a RocksDB snapshot).
/// Thread-safe.
public interface BaseView {
  /// Entries of `relation` whose bytes start with `prefix`, in order, each with its absolute
  /// weight.
  EntryCursor entries(int relation, byte[] prefix);
}
