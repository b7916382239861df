package dev.aevum.storage.contents;

/// Walks the entries of one run that start with a prefix.
final class RunCursor implements EntryCursor {
  private final Run run;
  private final byte[] prefix;
  private int entry;

  RunCursor(Run run, byte[] prefix) {
    this(run, prefix, prefix.length == 0 ? 0 : run.lowerBound(prefix, prefix.length));
  }

  /// @param first the first entry that is not below the prefix
  RunCursor(Run run, byte[] prefix, int first) {
    this.run = run;
    this.prefix = prefix;
    this.entry = first - 1;
  }

  @Override
  public boolean next() {
    entry++;
    return entry < run.entries()
        && (prefix.length == 0 || run.startsWith(entry, prefix, prefix.length));
  }

  @Override
  public byte[] bytes() {
    return run.bytes();
  }

  @Override
  public int start() {
    return run.start(entry);
  }

  @Override
  public int end() {
    return run.end(entry);
  }

  @Override
  public int rowStart() {
    return run.rowStart(entry);
  }

  @Override
  public long weight() {
    return run.weight(entry);
  }

  @Override
  public void close() {}
}
