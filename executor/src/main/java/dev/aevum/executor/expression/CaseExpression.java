package dev.aevum.executor.expression;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Scatter;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.type.SqlType;

/// Searched CASE: each condition on the rows that no earlier one took, each result on the rows of
/// its condition.
final class CaseExpression implements VectorExpression {
  private final VectorExpression[] conditions;
  private final VectorExpression[] results;
  private final VectorExpression otherwise;
  private final SqlType type;

  CaseExpression(
      VectorExpression[] conditions,
      VectorExpression[] results,
      VectorExpression otherwise,
      SqlType type) {
    this.conditions = conditions;
    this.results = results;
    this.otherwise = otherwise;
    this.type = type;
  }

  @Override
  public Column evaluate(EvaluationContext context, DeltaBatch batch, Selection rows) {
    int[] left = Positions.identity(rows.size());
    int count = left.length;
    try (Scatter merged = new Scatter(context.allocator(), type, rows.size())) {
      for (int i = 0; i < conditions.length && count > 0; i++) {
        int[] rest = new int[count];
        int restCount;
        try (Column condition = evaluateAt(conditions[i], context, batch, rows, left, count)) {
          int[] taken = new int[count];
          int takenCount = BooleanColumns.positionsOfTrue(condition, taken);
          restCount = BooleanColumns.positionsOfFalse(condition, true, rest);
          Positions.translate(left, taken, takenCount);
          Positions.translate(left, rest, restCount);
          put(results[i], context, batch, rows, taken, takenCount, merged);
        }
        left = rest;
        count = restCount;
      }
      put(otherwise, context, batch, rows, left, count, merged);
      return merged.finish();
    }
  }

  private static void put(
      VectorExpression expression,
      EvaluationContext context,
      DeltaBatch batch,
      Selection rows,
      int[] positions,
      int count,
      Scatter merged) {
    if (count > 0) {
      try (Column part = evaluateAt(expression, context, batch, rows, positions, count)) {
        merged.put(part, positions, count);
      }
    }
  }

  private static Column evaluateAt(
      VectorExpression expression,
      EvaluationContext context,
      DeltaBatch batch,
      Selection rows,
      int[] positions,
      int count) {
    Selection narrowed = count == rows.size() ? rows : rows.narrow(positions, count);
    return expression.evaluate(context, batch, narrowed);
  }
}
