package dev.aevum.executor.function;

import static dev.aevum.executor.function.FunctionDefinitions.ANY_ELEMENT;

import dev.aevum.executor.kernel.Kernel;
import dev.aevum.executor.kernel.Scatter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.type.SqlType;

/// greatest and least: NULLs do not count.
final class Extremes {
  private Extremes() {}

  static void define(FunctionDefinitions f) {
    f.define("greatest")
        .takes(ANY_ELEMENT)
        .variadic()
        .lenient()
        .describe("The greatest non-NULL argument.")
        .example("greatest(1, 3, NULL, 2) -> 3")
        .runs((types, result) -> kernel(result, true));
    f.define("least")
        .takes(ANY_ELEMENT)
        .variadic()
        .lenient()
        .describe("The least non-NULL argument.")
        .example("least(2, 1, NULL) -> 1")
        .runs((types, result) -> kernel(result, false));
  }

  private static Kernel kernel(SqlType type, boolean greatest) {
    Kernel before = ComparisonFunctions.less(type);
    return (context, arguments, rows) -> {
      Column best = arguments[0].retain();
      try {
        for (int a = 1; a < arguments.length; a++) {
          Column next = arguments[a];
          Column[] pair = greatest ? new Column[] {best, next} : new Column[] {next, best};
          try (Column better = before.evaluate(context, pair, rows);
              Scatter merged = new Scatter(context.allocator(), type, rows.size())) {
            int[] taken = new int[rows.size()];
            int[] kept = new int[rows.size()];
            int takenCount = 0;
            int keptCount = 0;
            for (int i = 0; i < rows.size(); i++) {
              boolean takes =
                  !next.isNull(i) && (best.isNull(i) || (!better.isNull(i) && better.booleanAt(i)));
              if (takes) {
                taken[takenCount++] = i;
              } else {
                kept[keptCount++] = i;
              }
            }
            put(context, best, kept, keptCount, merged);
            put(context, next, taken, takenCount, merged);
            best.close();
            best = merged.finish();
          }
        }
        return best.retain();
      } finally {
        best.close();
      }
    };
  }

  private static void put(
      dev.aevum.executor.kernel.EvaluationContext context,
      Column source,
      int[] positions,
      int count,
      Scatter merged) {
    try (Column part =
        dev.aevum.executor.kernel.Gather.gather(context.allocator(), source, positions, count)) {
      merged.put(part, positions, count);
    }
  }
}
