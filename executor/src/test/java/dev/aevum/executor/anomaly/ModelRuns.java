package dev.aevum.executor.anomaly;

import dev.aevum.executor.sequence.SequenceModel;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.text.Utf8;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.apache.arrow.memory.RootAllocator;

/// Folds rows as a table would: one block a key, which moves up through the tiers.
final class ModelRuns {
  private ModelRuns() {}

  /// Scores and limits (NaN: NULL), alerts, sides and explanations of one key, and its last block.
  record Run(
      double[] scores,
      double[] expected,
      boolean[] alerts,
      int[] directions,
      String[] why,
      boolean[] warming,
      int tier,
      byte[] block) {
    int alertCount(int from, int to) {
      int count = 0;
      for (int i = from; i < to; i++) {
        count += alerts[i] ? 1 : 0;
      }
      return count;
    }

    /// A number of an explanation, by the text before it.
    double number(int row, String before) {
      String text = why[row];
      int start = text.indexOf(before) + before.length() + 2;
      int end = start;
      while (end < text.length() && "-+.eE0123456789".indexOf(text.charAt(end)) >= 0) {
        end++;
      }
      return Double.parseDouble(text.substring(start, end));
    }
  }

  /// `restarts`: each row is folded by new instances over copied bytes.
  static Run run(Supplier<SequenceModel> models, double[][] rows, boolean restarts) {
    try (RootAllocator allocator = new RootAllocator()) {
      ColumnWriter[] out = new ColumnWriter[AnomalyResult.COLUMNS.size()];
      for (int i = 0; i < out.length; i++) {
        out[i] = new ColumnWriter(allocator, AnomalyResult.COLUMNS.get(i).type(), rows.length);
      }
      SequenceModel model = models.get();
      SequenceModel spare = models.get();
      int[] widths = model.widths();
      int tier = 0;
      byte[] block = new byte[widths[0]];
      model.open(MemorySegment.ofArray(block), 0, 0);
      model.begin(7);
      for (int i = 0; i < rows.length; i++) {
        if (restarts) {
          model = models.get();
          spare = models.get();
          block = block.clone();
        }
        model.open(MemorySegment.ofArray(block), 0, tier);
        while (model.isFull()) {
          spare.open(MemorySegment.ofArray(block), 0, tier);
          block = new byte[widths[++tier]];
          model.open(MemorySegment.ofArray(block), 0, tier);
          model.moveFrom(spare);
        }
        model.fold(i * 60_000_000L, rows[i].clone(), out);
      }
      List<Column> columns = new ArrayList<>();
      for (ColumnWriter writer : out) {
        columns.add(writer.finish());
        writer.close();
      }
      Run run = read(columns, rows.length, tier, block);
      columns.forEach(Column::close);
      return run;
    }
  }

  private static Run read(List<Column> columns, int rows, int tier, byte[] block) {
    Run run =
        new Run(
            new double[rows],
            new double[rows],
            new boolean[rows],
            new int[rows],
            new String[rows],
            new boolean[rows],
            tier,
            block);
    Arrays.fill(run.why, "");
    for (int i = 0; i < rows; i++) {
      run.scores[i] = number(columns.get(0), i);
      run.expected[i] = number(columns.get(3), i);
      run.alerts[i] = columns.get(1).booleanAt(i);
      run.directions[i] = columns.get(6).shortAt(i);
      Column why = columns.get(7);
      if (!why.isNull(i)) {
        run.why[i] = Utf8.string(why.segmentAt(i), why.offsetAt(i), why.lengthAt(i));
      }
      run.warming[i] = columns.get(8).booleanAt(i);
    }
    return run;
  }

  private static double number(Column column, int row) {
    return column.isNull(row) ? Double.NaN : column.doubleAt(row);
  }
}
