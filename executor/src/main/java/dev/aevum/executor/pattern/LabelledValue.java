package dev.aevum.executor.pattern;

import dev.aevum.executor.expression.ExpressionCompiler;
import dev.aevum.executor.expression.ExpressionInspection;
import dev.aevum.executor.expression.VectorExpression;
import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.waiting.RowStore;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// An expression over the labelled row: the input's columns, CLASSIFIER(), MATCH_NUMBER(). Only the
/// columns that it needs are gathered.
final class LabelledValue {
  private final List<String> variables;
  private final int inputColumns;
  private final int[] needed;
  private final VectorExpression expression;

  LabelledValue(
      Expr value, List<SqlType> inputTypes, List<String> variables, FunctionRegistry registry) {
    this.variables = variables;
    this.inputColumns = inputTypes.size();
    List<SqlType> types = new ArrayList<>(inputTypes);
    types.add(SimpleType.TEXT);
    types.add(SimpleType.BIGINT);
    Set<Integer> columns = new TreeSet<>();
    ExpressionInspection.collectColumns(value, columns);
    List<Integer> order = List.copyOf(columns);
    this.needed = order.stream().mapToInt(Integer::intValue).toArray();
    this.expression =
        ExpressionCompiler.compile(
            ExpressionInspection.remap(value, order::indexOf),
            order.stream().map(types::get).toList(),
            registry);
  }

  /// Whether it refers to the classifier or the match number.
  static boolean isLabelled(Expr value, int inputColumns) {
    Set<Integer> columns = new TreeSet<>();
    ExpressionInspection.collectColumns(value, columns);
    return columns.stream().anyMatch(c -> c >= inputColumns);
  }

  static boolean usesNumber(Expr value, int inputColumns) {
    Set<Integer> columns = new TreeSet<>();
    ExpressionInspection.collectColumns(value, columns);
    return columns.contains(inputColumns + 1);
  }

  /// A value a row. `labels`: variable by position (-1 none), `numbers`: match numbers; either may
  /// be empty where [#isLabelled] is false.
  Column evaluate(
      EvaluationContext context,
      RowStore store,
      int[] ids,
      int[] labels,
      long[] numbers,
      int count) {
    Column[] columns = new Column[needed.length];
    int made = 0;
    try {
      for (; made < needed.length; made++) {
        int column = needed[made];
        if (column < inputColumns) {
          columns[made] = store.gather(column, ids, count);
        } else if (column == inputColumns) {
          columns[made] = classifiers(context, labels, count);
        } else {
          columns[made] = numbers(context, numbers, count);
        }
      }
    } catch (RuntimeException | Error e) {
      for (int i = 0; i < made; i++) {
        columns[i].close();
      }
      throw e;
    }
    try (DeltaBatch batch = new DeltaBatch(count, columns, null)) {
      return expression.evaluate(context, batch, Selection.all(count));
    }
  }

  private Column classifiers(EvaluationContext context, int[] labels, int count) {
    try (ColumnWriter out = new ColumnWriter(context.allocator(), SimpleType.TEXT, count)) {
      for (int i = 0; i < count; i++) {
        if (labels[i] < 0) {
          out.appendNull();
        } else {
          out.appendText(variables.get(labels[i]));
        }
      }
      return out.finish();
    }
  }

  private static Column numbers(EvaluationContext context, long[] numbers, int count) {
    try (ColumnWriter out = new ColumnWriter(context.allocator(), SimpleType.BIGINT, count)) {
      for (int i = 0; i < count; i++) {
        out.appendLong(numbers[i]);
      }
      return out.finish();
    }
  }
}
