package dev.aevum.executor.function;

import dev.aevum.executor.kernel.Intervals;
import dev.aevum.executor.numeric.NumericColumns;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.codec.ArrayBytes;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;

/// The order of arrays: element by element, a NULL element above all others, then the shorter
/// first. Elements are compared one at a time.
final class ArrayComparison {
  private ArrayComparison() {}

  static ComparisonKernels.Loop loop(SqlType element) {
    return (left, right, accepted, to) -> {
      for (int base = 0; base < left.rows(); base += 64) {
        int limit = Math.min(64, left.rows() - base);
        long word = 0;
        for (int j = 0; j < limit; j++) {
          int order = compare(element, left, right, base + j);
          word |= (accepted >>> (order + 1) & 1L) << j;
        }
        Memory.setWord(to, base >>> 6, word);
      }
    };
  }

  private static int compare(SqlType element, Column left, Column right, int row) {
    if (left.isNull(row) || right.isNull(row)) {
      return 0;
    }
    MemorySegment a = left.segmentAt(row);
    MemorySegment b = right.segmentAt(row);
    long from = left.offsetAt(row);
    long with = right.offsetAt(row);
    int countA = ArrayBytes.count(a, from);
    int countB = ArrayBytes.count(b, with);
    for (int i = 0; i < Math.min(countA, countB); i++) {
      boolean nullA = ArrayBytes.isNull(a, from, i);
      boolean nullB = ArrayBytes.isNull(b, with, i);
      int order =
          nullA || nullB
              ? Boolean.compare(nullA, nullB)
              : compareElements(
                  element,
                  a,
                  ArrayBytes.elementOffset(a, from, element, i),
                  ArrayBytes.elementLength(a, from, element, i),
                  b,
                  ArrayBytes.elementOffset(b, with, element, i),
                  ArrayBytes.elementLength(b, with, element, i));
      if (order != 0) {
        return Integer.signum(order);
      }
    }
    return Integer.compare(countA, countB);
  }

  /// Compares two values of `type` in the form they have inside arrays.
  static int compareElements(
      SqlType type,
      MemorySegment a,
      long from,
      int lengthA,
      MemorySegment b,
      long with,
      int lengthB) {
    return switch (type) {
      case DecimalType d ->
          d.precision() <= DecimalType.MAX_SHORT_PRECISION
              ? Long.compare(a.get(Memory.LONG, from), b.get(Memory.LONG, with))
              : wide(a, from).compareTo(wide(b, with));
      case CharType c ->
          Texts.compare(
              a,
              from,
              Texts.trimmedLength(a, from, lengthA),
              b,
              with,
              Texts.trimmedLength(b, with, lengthB));
      case VarcharType v -> Texts.compare(a, from, lengthA, b, with, lengthB);
      case ArrayType t -> Texts.compare(a, from, lengthA, b, with, lengthB);
      case CompositeType t -> Texts.compare(a, from, lengthA, b, with, lengthB);
      case SimpleType s -> compareSimple(s, a, from, lengthA, b, with, lengthB);
    };
  }

  private static BigDecimal wide(MemorySegment segment, long at) {
    return new BigDecimal(
        dev.aevum.executor.numeric.Int128.toBigInteger(
            segment.get(Memory.LONG, at), segment.get(Memory.LONG, at + 8)));
  }

  private static int compareSimple(
      SimpleType type,
      MemorySegment a,
      long from,
      int lengthA,
      MemorySegment b,
      long with,
      int lengthB) {
    if (type == SimpleType.NUMERIC) {
      return NumericColumns.decode(a, from, lengthA)
          .compareTo(NumericColumns.decode(b, with, lengthB));
    }
    if (type == SimpleType.JSONB) {
      return JsonCasts.compare(a, from, lengthA, b, with, lengthB);
    }
    return switch (type.physical()) {
      case BOOL -> Byte.compare(a.get(Memory.BYTE, from), b.get(Memory.BYTE, with));
      case INT16 -> Short.compare(a.get(Memory.SHORT, from), b.get(Memory.SHORT, with));
      case INT32 -> Integer.compare(a.get(Memory.INT, from), b.get(Memory.INT, with));
      case INT64 -> Long.compare(a.get(Memory.LONG, from), b.get(Memory.LONG, with));
      case FLOAT32 ->
          ComparisonKernels.compare(a.get(Memory.FLOAT, from), b.get(Memory.FLOAT, with));
      case FLOAT64 ->
          ComparisonKernels.compare(a.get(Memory.DOUBLE, from), b.get(Memory.DOUBLE, with));
      case FIXED16 ->
          type == SimpleType.INTERVAL
              ? Intervals.compare(
                  a.get(Memory.LONG, from),
                  a.get(Memory.LONG, from + 8),
                  b.get(Memory.LONG, with),
                  b.get(Memory.LONG, with + 8))
              : Texts.compare(a, from, 16, b, with, 16);
      case INT128 -> wide(a, from).compareTo(wide(b, with));
      case VARLEN -> Texts.compare(a, from, lengthA, b, with, lengthB);
    };
  }
}
