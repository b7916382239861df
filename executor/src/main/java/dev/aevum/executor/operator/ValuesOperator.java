package dev.aevum.executor.operator;

import dev.aevum.executor.expression.CalcEvaluator;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.storage.state.HashState;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Constant rows: emitted once, in the first step of the view, on the worker of the empty key's
/// shard.
///
/// **Schema**: that of the rows. **Weights**: +1. **State**: one entry that says it has been done.
public final class ValuesOperator implements Operator, Flushing {
  private static final MemorySegment KEY = MemorySegment.ofArray(new byte[1]);

  private final OperatorContext context;
  private final List<CalcEvaluator> rows;
  private final HashState done;
  private boolean checked;

  /// `rows`: each projects a row over no columns.
  public ValuesOperator(OperatorContext context, List<CalcEvaluator> rows) {
    this.context = context;
    this.rows = rows;
    this.done = context.state().hash(context.table(0), 8);
  }

  @Override
  public void push(int input, DeltaBatch batch) {
    throw new IllegalStateException("constant rows have no input");
  }

  @Override
  public void flush() {
    if (checked) {
      return;
    }
    checked = true;
    if (!context.ownedShards().ownsKeyless()) {
      return;
    }
    done.reserve(1);
    done.findOrInsert(KEY, 0, 0, KeyCodec.hash(KEY, 0, 0));
    if (done.inserted()) {
      for (CalcEvaluator row : rows) {
        try (DeltaBatch one = new DeltaBatch(1, new Column[0], null)) {
          context.output().emit(CalcOperator.evaluate(context, row, one));
        }
      }
    }
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
