package dev.aevum.model.codec;

import static dev.aevum.model.batch.Memory.BYTE;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import java.lang.foreign.MemorySegment;

/// The 64-bit hash of key bytes, 8 at a time by multiply and fold. It decides which shard owns a
/// key (its top 8 bits), so its values are part of the stored format and never change.
public final class KeyHash {
  private static final long SEED = 0x9e3779b97f4a7c15L;
  private static final long K0 = 0xa0761d6478bd642fL;
  private static final long K1 = 0xe7037ed1a0b428dbL;

  /// What [#hash(MemorySegment, long, int)] has before the only word of 8 bytes: `SEED ^ 8 * K1 ^
  /// K1`.
  private static final long WORD_SEED = 0x412ff1e5da5f1216L;

  private KeyHash() {}

  public static long hash(MemorySegment segment, long offset, int length) {
    long h = SEED ^ length * K1;
    int rest = length;
    long at = offset;
    while (rest >= 8) {
      h = fold(segment.get(LONG, at) ^ K0, h ^ K1);
      at += 8;
      rest -= 8;
    }
    if (rest > 0) {
      h = fold(tail(segment, at, rest) ^ K0, h ^ K1);
    }
    return finish(h);
  }

  /// The hash of the 8 bytes of `word` (little endian), for kernels that need no key bytes.
  public static long hash(long word) {
    return finish(fold(word ^ K0, WORD_SEED));
  }

  private static long tail(MemorySegment segment, long at, int rest) {
    if (rest >= 4) {
      long low = segment.get(INT, at) & 0xffffffffL;
      return low | (long) segment.get(INT, at + rest - 4) << 32;
    }
    long first = segment.get(BYTE, at) & 0xffL;
    long middle = segment.get(BYTE, at + (rest >>> 1)) & 0xffL;
    return first | middle << 8 | (segment.get(BYTE, at + rest - 1) & 0xffL) << 16;
  }

  private static long fold(long a, long b) {
    return a * b ^ Math.unsignedMultiplyHigh(a, b);
  }

  private static long finish(long h) {
    return fold(h ^ K0, K1 | 1) ^ h >>> 32;
  }

  /// The shard of a hash, 0 to 255.
  public static int shard(long hash) {
    return (int) (hash >>> 56);
  }
}
