package dev.aevum.executor.query;

/// Partitions and peers of sorted rows, by position.
///
/// @param partitionStart where the partition of a position starts
/// @param peerStart where its peers (rows of equal order) start
/// @param ordered whether there is an ORDER BY: else the whole partition are peers
record OverFrames(int[] partitionStart, int[] peerStart, boolean ordered) {
  int rows() {
    return partitionStart.length;
  }

  /// The end (exclusive) of the partition that starts at `start`.
  int partitionEnd(int start) {
    int end = start;
    while (end < rows() && partitionStart[end] == start) {
      end++;
    }
    return end;
  }

  /// The end (exclusive) of the peers that start at `start`.
  int peerEnd(int start) {
    int end = start;
    while (end < rows() && peerStart[end] == start) {
      end++;
    }
    return end;
  }
}
