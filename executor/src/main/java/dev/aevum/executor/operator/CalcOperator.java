package dev.aevum.executor.operator;

import dev.aevum.executor.expression.CalcEvaluator;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Gather;
import dev.aevum.executor.kernel.RowError;
import dev.aevum.model.batch.DeltaBatch;
import org.apache.arrow.memory.ArrowBuf;

/// Filter, then project.
///
/// **Schema**: one column a projection. **Weights**: linear; they pass through. **State**: none.
///
/// A row that can't be evaluated gives no output; its error carries the row's weight, so that the
/// row's retraction takes the error away (expressions in views are deterministic).
public final class CalcOperator implements Operator {
  private final OperatorContext context;
  private final CalcEvaluator evaluator;

  public CalcOperator(OperatorContext context, CalcEvaluator evaluator) {
    this.context = context;
    this.evaluator = evaluator;
  }

  @Override
  public void push(int input, DeltaBatch batch) {
    context.output().emit(evaluate(context, evaluator, batch));
  }

  /// Runs the evaluator and reports the rows that failed.
  static DeltaBatch evaluate(OperatorContext context, CalcEvaluator evaluator, DeltaBatch batch) {
    EvaluationContext evaluation = context.evaluation().get();
    evaluation.errors().clear();
    CalcEvaluator.Result result = evaluator.evaluate(evaluation, batch);
    if (!evaluation.errors().isEmpty()) {
      for (RowError e : evaluation.errors().all()) {
        context.errors().report(e, RowText.of(batch, e.row()), batch.weightAt(e.row()));
      }
      evaluation.errors().clear();
    }
    ArrowBuf weights = Gather.gatherWeights(context.allocator(), batch, result.rows());
    return new DeltaBatch(result.rows().size(), result.columns(), weights);
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
