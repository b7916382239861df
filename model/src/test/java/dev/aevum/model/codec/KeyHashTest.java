package dev.aevum.model.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The hash decides where stored keys live: these figures never change.
class KeyHashTest {
  private static long hash(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return KeyHash.hash(MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  @Test
  void valuesAreFixed() {
    assertThat(hash("")).isEqualTo(0x7f40f511e0265032L);
    assertThat(hash("a")).isEqualTo(0x6f063453a4cb8cd7L);
    assertThat(hash("abcd")).isEqualTo(0xa399b8772e5b35baL);
    assertThat(hash("abcdefgh")).isEqualTo(0x6e061f14439ea388L);
    assertThat(hash("the quick brown fox")).isEqualTo(0x6c3d8835055c8a6bL);
  }

  @Test
  void wordHashEqualsHashOfItsBytes() {
    MemorySegment bytes = MemorySegment.ofArray(new byte[8]);
    for (long word : new long[] {0, 1, -1, 0x0123456789abcdefL}) {
      bytes.set(dev.aevum.model.batch.Memory.LONG, 0, word);
      assertThat(KeyHash.hash(word)).isEqualTo(KeyHash.hash(bytes, 0, 8));
    }
  }

  @Test
  void spreadsConsecutiveKeysOverShardsAndSlots() {
    int[] shards = new int[256];
    Set<Long> low = new HashSet<>();
    int keys = 1 << 16;
    MemorySegment bytes = MemorySegment.ofArray(new byte[9]);
    for (int i = 0; i < keys; i++) {
      bytes.set(dev.aevum.model.batch.Memory.LONG, 1, Long.reverseBytes(i ^ Long.MIN_VALUE));
      long hash = KeyHash.hash(bytes, 0, 9);
      shards[KeyHash.shard(hash)]++;
      low.add(hash & 0xfffff);
    }
    for (int count : shards) {
      assertThat(count).isBetween(180, 340);
    }
    // A random function would leave about 63,500 distinct values of 2^20.
    assertThat(low.size()).isGreaterThan(62_500);
  }
}
