package dev.aevum.connectors.datagen;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows by number. Rows of several tables that belong together share one numbering, `tick`: rows of
/// this table are those ticks that are its own (all of them for most data sets). One thread.
interface Dataset extends AutoCloseable {
  /// The columns with their natural types.
  List<Field> fields();

  /// How many rows there are before tick `tick`.
  long rowsBefore(long tick);

  /// The tick of row `row`.
  long tickOf(long row);

  /// Columns of rows `firstRow` and on, owned by the caller; null where not `needed`. `baseMicros`:
  /// when tick 0 happened.
  @Nullable Column[] columns(long firstRow, int rows, boolean[] needed, long baseMicros);

  @Override
  void close();
}
