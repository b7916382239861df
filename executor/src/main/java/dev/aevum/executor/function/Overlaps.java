package dev.aevum.executor.function;

import static dev.aevum.executor.function.DateTimeFunctions.TIME;
import static dev.aevum.executor.function.DateTimeFunctions.TIMESTAMP;
import static dev.aevum.executor.function.DateTimeFunctions.TIMESTAMPTZ;
import static dev.aevum.executor.function.DateTimeFunctions.function;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.type.SimpleType;
import java.util.List;

/// `(a, b) OVERLAPS (c, d)`: whether two periods, given by their ends in either order, share a
/// moment. A period has its start but not its end, unless both are one moment. An end may be NULL:
/// the answer is NULL where it would depend on it.
final class Overlaps {
  private Overlaps() {}

  static void define(FunctionDefinitions f) {
    for (SimpleType type : List.of(TIMESTAMP, TIMESTAMPTZ, TIME)) {
      String times =
          type == TIME
              ? "time '10:00', time '12:00', time '11:00', time '13:00'"
              : "'2024-01-01 10:00', '2024-01-01 12:00', type '2024-01-01 11:00', '2024-01-01 13:00'"
                  .replace("type", type == TIMESTAMP ? "timestamp" : "timestamptz");
      function(f, "overlaps", SimpleType.BOOLEAN, type, type, type, type)
          .lenient()
          .describe("Whether two periods share a moment: `(a, b) OVERLAPS (c, d)`.")
          .example("overlaps(" + times + ") -> t")
          .runs(RowKernels.lenient(SimpleType.BOOLEAN, (c, a, i, out) -> append(a, i, out)));
    }
  }

  private static void append(Column[] a, int i, ColumnWriter out) {
    if (a[0].isNull(i) && a[1].isNull(i) || a[2].isNull(i) && a[3].isNull(i)) {
      out.appendNull();
      return;
    }
    boolean openFirst = a[0].isNull(i) || a[1].isNull(i);
    boolean openSecond = a[2].isNull(i) || a[3].isNull(i);
    long firstStart = start(a[0], a[1], i);
    long secondStart = start(a[2], a[3], i);
    if (firstStart == secondStart) {
      if (openFirst || openSecond) {
        out.appendNull();
      } else {
        out.appendBoolean(true);
      }
      return;
    }
    boolean firstIsLater = firstStart > secondStart;
    boolean openEarlier = firstIsLater ? openSecond : openFirst;
    boolean openLater = firstIsLater ? openFirst : openSecond;
    long laterStart = Math.max(firstStart, secondStart);
    if (openEarlier) {
      out.appendNull();
    } else if (laterStart < (firstIsLater ? end(a[2], a[3], i) : end(a[0], a[1], i))) {
      out.appendBoolean(true);
    } else if (openLater) {
      out.appendNull();
    } else {
      out.appendBoolean(false);
    }
  }

  private static long start(Column one, Column other, int i) {
    if (one.isNull(i)) {
      return other.longAt(i);
    }
    return other.isNull(i) ? one.longAt(i) : Math.min(one.longAt(i), other.longAt(i));
  }

  private static long end(Column one, Column other, int i) {
    return Math.max(one.longAt(i), other.longAt(i));
  }
}
