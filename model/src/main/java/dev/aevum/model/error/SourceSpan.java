package dev.aevum.model.error;

/// Where in a SQL text something stands: 1-based character offsets of the first character and of
/// the one after the last. PostgreSQL's error field `P` is `start`.
public record SourceSpan(int start, int end) {
  public SourceSpan {
    if (start < 1 || end < start) {
      throw new IllegalArgumentException("span " + start + ".." + end);
    }
  }

  /// The same span inside a longer text that has `offset` more characters in front.
  public SourceSpan shifted(int offset) {
    return new SourceSpan(start + offset, end + offset);
  }
}
