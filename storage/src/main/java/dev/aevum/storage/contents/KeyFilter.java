package dev.aevum.storage.contents;

import dev.aevum.model.codec.KeyHash;
import java.lang.foreign.MemorySegment;

/// A Bloom filter of keys, blocked: all bits of a key lie in one 64-bit word, so a question is one
/// memory access (Putze, Sanders, Singler, "Cache-, hash- and space-efficient Bloom filters",
/// 2007). 12 bits a key and 4 probes: about 2 % of other keys pass.
final class KeyFilter {
  private final long[] words;

  KeyFilter(int keys) {
    int needed = Math.max(1, (int) Math.min(1 << 28, keys * 12L / Long.SIZE));
    words = new long[Integer.highestOneBit(needed) << 1];
  }

  static long hash(byte[] bytes, int offset, int length) {
    return KeyHash.hash(MemorySegment.ofArray(bytes), offset, length);
  }

  private static long bits(long hash) {
    return 1L << hash | 1L << (hash >>> 6) | 1L << (hash >>> 12) | 1L << (hash >>> 18);
  }

  private int word(long hash) {
    return (int) (hash >>> 24) & (words.length - 1);
  }

  void add(long hash) {
    words[word(hash)] |= bits(hash);
  }

  boolean mayHold(long hash) {
    long wanted = bits(hash);
    return (words[word(hash)] & wanted) == wanted;
  }
}
