package dev.aevum.storage.contents;

/// A walk over sorted entries. Not thread-safe; [#close] frees what it holds.
public interface EntryCursor extends AutoCloseable {
  /// Moves to the next entry; false at the end.
  boolean next();

  /// Array that holds the present entry from [#start] to [#end]; the row's own bytes begin at
  /// [#rowStart].
  byte[] bytes();

  int start();

  int end();

  int rowStart();

  long weight();

  @Override
  void close();
}
