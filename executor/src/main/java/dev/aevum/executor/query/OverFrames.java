package dev.aevum.executor.query;

/// Partitions and peers of sorted rows, by position; ends are exclusive.
///
/// @param partitionStart where the partition of a position starts
/// @param peerStart where its peers (rows of equal order) start; without ORDER BY the whole
///   partition are peers
record OverFrames(int[] partitionStart, int[] partitionEnd, int[] peerStart, int[] peerEnd) {
  static OverFrames of(int[] partitionStart, int[] peerStart) {
    return new OverFrames(partitionStart, ends(partitionStart), peerStart, ends(peerStart));
  }

  int rows() {
    return partitionStart.length;
  }

  private static int[] ends(int[] starts) {
    int[] ends = new int[starts.length];
    for (int i = starts.length - 1, end = starts.length; i >= 0; i--) {
      ends[i] = end;
      if (starts[i] == i) {
        end = i;
      }
    }
    return ends;
  }
}
