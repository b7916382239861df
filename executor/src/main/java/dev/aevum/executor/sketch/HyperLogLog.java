package dev.aevum.executor.sketch;

import dev.aevum.model.codec.ByteSink;
import java.util.Arrays;

/// How many distinct values there are, from 4,096 registers of the longest run of zero bits among
/// their hashes: standard error 1.6 %. Few values take few bytes. Takes values in, never back.
///
/// Source: Flajolet and others 2007; the estimate is Ertl's (2017), without bias over the whole
/// range.
public final class HyperLogLog implements Sketch {
  private static final int BITS = 12;
  static final int REGISTERS = 1 << BITS;
  private static final int LONGEST = 64 - BITS;

  /// More registers than these are an array, in memory and in bytes.
  private static final int MOST_PAIRS = 64;

  private static final int MOST_STORED_PAIRS = 1024;
  private static final int SPARSE = 0;
  private static final int DENSE = 1;

  /// Few registers: `register << 8 | rank`, unordered; else null.
  private int[] pairs = new int[8];

  private int count;
  private byte[] registers = new byte[0];

  public void add(long hash) {
    long mixed = mix(hash);
    int register = (int) (mixed >>> (64 - BITS));
    int rank = Long.numberOfLeadingZeros(mixed << BITS | 1L << (BITS - 1)) + 1;
    if (registers.length != 0) {
      if (registers[register] < rank) {
        registers[register] = (byte) rank;
      }
    } else {
      raise(register, rank);
    }
  }

  /// The hashes of keys decide shards by their top bits: a group's values must not share them.
  private static long mix(long hash) {
    long h = hash;
    h = (h ^ h >>> 33) * 0xff51afd7ed558ccdL;
    h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
    return h ^ h >>> 33;
  }

  private void raise(int register, int rank) {
    if (registers.length != 0) {
      registers[register] = (byte) Math.max(registers[register], rank);
      return;
    }
    for (int i = 0; i < count; i++) {
      if (pairs[i] >>> 8 == register) {
        pairs[i] = Math.max(pairs[i], register << 8 | rank);
        return;
      }
    }
    if (count == MOST_PAIRS) {
      registers = new byte[REGISTERS];
      for (int i = 0; i < count; i++) {
        registers[pairs[i] >>> 8] = (byte) pairs[i];
      }
      registers[register] = (byte) rank;
      return;
    }
    if (count == pairs.length) {
      pairs = Arrays.copyOf(pairs, 2 * count);
    }
    pairs[count++] = register << 8 | rank;
  }

  /// The number of distinct values added.
  public long estimate() {
    int[] byRank = new int[LONGEST + 2];
    if (registers.length == 0) {
      byRank[0] = REGISTERS - count;
      for (int i = 0; i < count; i++) {
        byRank[pairs[i] & 0xff]++;
      }
    } else {
      for (byte rank : registers) {
        byRank[rank]++;
      }
    }
    double z = REGISTERS * tau(1 - byRank[LONGEST + 1] / (double) REGISTERS);
    for (int rank = LONGEST; rank >= 1; rank--) {
      z = 0.5 * (z + byRank[rank]);
    }
    z += REGISTERS * sigma(byRank[0] / (double) REGISTERS);
    return Math.round((double) REGISTERS * REGISTERS / (2 * 0.6931471805599453 * z));
  }

  private static double sigma(double share) {
    if (share == 1) {
      return Double.POSITIVE_INFINITY;
    }
    double x = share;
    double y = 1;
    double z = x;
    double before;
    do {
      x *= x;
      before = z;
      z += x * y;
      y += y;
    } while (z != before);
    return z;
  }

  private static double tau(double share) {
    if (share == 0 || share == 1) {
      return 0;
    }
    double x = share;
    double y = 1;
    double z = 1 - x;
    double before;
    do {
      x = Math.sqrt(x);
      before = z;
      y *= 0.5;
      z -= (1 - x) * (1 - x) * y;
    } while (z != before);
    return z / 3;
  }

  @Override
  public int kind() {
    return Sketches.HYPER_LOG_LOG;
  }

  @Override
  public void merge(Sketch other) {
    if (!(other instanceof HyperLogLog o)) {
      throw Sketches.mismatch(this, other);
    }
    for (int i = 0; o.registers.length == 0 && i < o.count; i++) {
      raise(o.pairs[i] >>> 8, o.pairs[i] & 0xff);
    }
    for (int i = 0; i < o.registers.length; i++) {
      if (o.registers[i] != 0) {
        raise(i, o.registers[i]);
      }
    }
  }

  /// Pairs in order where they are few, else all registers of 6 bits.
  @Override
  public void encode(ByteSink out) {
    int[] sorted = stored();
    if (sorted.length <= MOST_STORED_PAIRS) {
      out.appendByte(SPARSE);
      out.appendVarint(sorted.length);
      int last = -1;
      for (int pair : sorted) {
        out.appendVarint((pair >>> 8) - last);
        out.appendByte(pair & 0xff);
        last = pair >>> 8;
      }
      return;
    }
    out.appendByte(DENSE);
    for (int i = 0; i < REGISTERS; i += 4) {
      int four =
          registers[i] | registers[i + 1] << 6 | registers[i + 2] << 12 | registers[i + 3] << 18;
      out.appendByte(four);
      out.appendByte(four >>> 8);
      out.appendByte(four >>> 16);
    }
  }

  /// All registers in use, in order, or one more than are stored as pairs.
  private int[] stored() {
    if (registers.length == 0) {
      int[] sorted = Arrays.copyOf(pairs, count);
      Arrays.sort(sorted);
      return sorted;
    }
    int[] used = new int[MOST_STORED_PAIRS + 1];
    int n = 0;
    for (int i = 0; i < REGISTERS && n < used.length; i++) {
      if (registers[i] != 0) {
        used[n++] = i << 8 | registers[i];
      }
    }
    return Arrays.copyOf(used, n);
  }

  static HyperLogLog decode(SketchInput in) {
    HyperLogLog sketch = new HyperLogLog();
    int form = in.unsignedByte();
    SketchInput.require(form == SPARSE || form == DENSE);
    if (form == SPARSE) {
      int count = in.number(MOST_STORED_PAIRS);
      int register = -1;
      for (int i = 0; i < count; i++) {
        int step = in.number(REGISTERS);
        register += step;
        int rank = rank(in.unsignedByte());
        SketchInput.require(step > 0 && register < REGISTERS && rank > 0);
        sketch.raise(register, rank);
      }
      return sketch;
    }
    sketch.registers = new byte[REGISTERS];
    int used = 0;
    for (int i = 0; i < REGISTERS; i += 4) {
      int four = in.unsignedByte() | in.unsignedByte() << 8 | in.unsignedByte() << 16;
      for (int k = 0; k < 4; k++) {
        sketch.registers[i + k] = (byte) rank(four >>> (6 * k) & 0x3f);
        used += sketch.registers[i + k] != 0 ? 1 : 0;
      }
    }
    SketchInput.require(used > MOST_STORED_PAIRS);
    return sketch;
  }

  private static int rank(int rank) {
    SketchInput.require(rank <= LONGEST + 1);
    return rank;
  }
}
