package dev.aevum.engine.runtime;

/// Deletes rows of kept streams that are older than the stream's retention.
final class Retention {
  private final DatabaseRuntime runtime;

  Retention(DatabaseRuntime runtime) {
    this.runtime = runtime;
  }

  /// Whether rows of the stream have been deleted.
  boolean hasDeleted(int stream) {
    return runtime.committer().sequence("deleted:" + stream) > 0;
  }
}
