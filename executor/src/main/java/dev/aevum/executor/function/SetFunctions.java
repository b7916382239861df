package dev.aevum.executor.function;

import static dev.aevum.executor.function.FunctionDefinitions.ANY_ARRAY;
import static dev.aevum.executor.function.FunctionDefinitions.ANY_NUMERIC;
import static dev.aevum.executor.function.FunctionDefinitions.exact;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Nulls;
import dev.aevum.executor.kernel.SetReturningKernel;
import dev.aevum.executor.numeric.NumericColumns;
import dev.aevum.executor.numeric.PgNumeric;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ArrayBytes;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;

/// Functions that return rows. Those of several columns have type RECORD; their columns are in the
/// order of the example's cells.
final class SetFunctions {
  private static final SimpleType INTEGER = SimpleType.INTEGER;
  private static final SimpleType TEXT = SimpleType.TEXT;

  private SetFunctions() {}

  /// Appends the rows of one input row, the same number to every writer.
  @FunctionalInterface
  private interface RowSource {
    void append(EvaluationContext context, Column[] arguments, int row, ColumnWriter[] out);
  }

  private static SetReturningKernel kernel(RowSource source, SqlType... types) {
    return (context, arguments, rows) -> {
      ColumnWriter[] writers = new ColumnWriter[types.length];
      int[] ends = new int[rows.size()];
      try {
        for (int w = 0; w < writers.length; w++) {
          writers[w] = new ColumnWriter(context.allocator(), types[w], 64);
        }
        for (int i = 0; i < ends.length; i++) {
          if (!Nulls.at(arguments, i)) {
            try {
              source.append(context, arguments, i, writers);
            } catch (SqlException e) {
              context.errors().report(rows.row(i), e);
            }
          }
          ends[i] = writers[0].rows();
        }
        Column[] columns = new Column[writers.length];
        for (int w = 0; w < writers.length; w++) {
          columns[w] = writers[w].finish();
        }
        return new SetReturningKernel.Rows(columns, ends);
      } finally {
        for (ColumnWriter w : writers) {
          if (w != null) {
            w.close();
          }
        }
      }
    };
  }

  static void define(FunctionDefinitions f) {
    arrays(f);
    series(f);
    f.define("pg_get_keywords")
        .returns(SimpleType.RECORD)
        .describe(
            "PostgreSQL's key words that are more than names: word, catcode, barelabel, catdesc, baredesc.")
        .example("pg_get_keywords() -> all,R,t,reserved,can be bare label | ...")
        .returnsSet((types, result) -> keywords());
    for (boolean flags : new boolean[] {false, true}) {
      f.define("regexp_matches")
          .takes(flags ? new SqlType[] {TEXT, TEXT, TEXT} : new SqlType[] {TEXT, TEXT})
          .returns(PatternFunctions.TEXTS)
          .mayFail()
          .describe("The groups of the first match of a regular expression, of all with flag g.")
          .example(
              flags
                  ? "regexp_matches('abab', 'a(.)', 'g') -> {b} | {b}"
                  : "regexp_matches('abab', 'a(.)') -> {b}")
          .returnsSet((types, result) -> matches(flags));
    }
    for (String name : List.of("regexp_split_to_table", "string_to_table")) {
      boolean regex = name.startsWith("regexp");
      f.define(name)
          .takes(TEXT, TEXT)
          .returns(TEXT)
          .mayFail()
          .describe("The pieces of a text between separators, a row each.")
          .example(name + "('a,b', ',') -> a | b")
          .returnsSet((types, result) ->
              kernel(
                  (c, a, i, out) -> {
                    String separator = a[1].textAt(i);
                    String pattern = regex ? separator : "***=" + separator;
                    for (String piece :
                        new Regex().compile(pattern, "").split(a[0].textAt(i), -1)) {
                      out[0].appendText(piece);
                    }
                  },
                  TEXT));
    }
  }

  private static void arrays(FunctionDefinitions f) {
    f.define("unnest")
        .takes(ANY_ARRAY)
        .returns(types -> ArrayBytes.elementType(types.get(0)))
        .describe("The elements of an array, a row each.")
        .example("unnest(ARRAY[5, NULL, 6]) -> 5 | NULL | 6")
        .returnsSet((types, result) ->
            kernel((c, a, i, out) -> ArrayCasts.explode(a[0], i, result, out[0]), result));
    f.define("generate_subscripts")
        .takes(ANY_ARRAY, exact(INTEGER))
        .returns(INTEGER)
        .describe("The places of an array's elements.")
        .example("generate_subscripts(ARRAY[5, 6], 1) -> 1 | 2")
        .returnsSet((types, result) ->
            kernel(
                (c, a, i, out) -> {
                  boolean vector = !(a[0].type() instanceof dev.aevum.model.type.ArrayType);
                  int count = a[1].intAt(i) == 1 ? ArrayFunctions.count(a[0], i) : 0;
                  for (int e = 0; e < count; e++) {
                    out[0].appendInt(vector ? e : e + 1);
                  }
                },
                INTEGER));
    f.define("_pg_expandarray")
        .takes(ANY_ARRAY)
        .returns(SimpleType.RECORD)
        .describe("The elements of an array with their places from 1: x, n.")
        .example("_pg_expandarray(ARRAY[7, 8]) -> 7,1 | 8,2")
        .returnsSet((types, result) -> {
          SqlType element = ArrayBytes.elementType(types.get(0));
          return kernel(
              (c, a, i, out) -> {
                ArrayCasts.explode(a[0], i, element, out[0]);
                for (int e = 1; e <= ArrayFunctions.count(a[0], i); e++) {
                  out[1].appendInt(e);
                }
              },
              element,
              INTEGER);
        });
  }

  private static SetReturningKernel keywords() {
    return kernel(
        (c, a, i, out) -> {
          for (Map.Entry<String, Character> word : Keywords.all().entrySet()) {
            out[0].appendText(word.getKey());
            out[1].appendText(Character.toString(word.getValue()));
            out[2].appendBoolean(true);
            out[3].appendText(Keywords.description(word.getValue()));
            out[4].appendText("can be bare label");
          }
        },
        TEXT,
        SimpleType.PG_CHAR,
        SimpleType.BOOLEAN,
        TEXT,
        TEXT);
  }

  private static SetReturningKernel matches(boolean flags) {
    Regex regex = new Regex();
    return kernel(
        (c, a, i, out) -> {
          String letters = flags ? a[2].textAt(i) : "";
          Matcher m = regex.compile(a[1].textAt(i), letters).matcher(a[0].textAt(i));
          while (m.find()) {
            dev.aevum.model.text.JavaValues.append(PatternFunctions.groups(m), out[0]);
            if (letters.indexOf('g') < 0) {
              return;
            }
          }
        },
        PatternFunctions.TEXTS);
  }

  private static void series(FunctionDefinitions f) {
    for (SimpleType type : List.of(INTEGER, SimpleType.BIGINT)) {
      for (boolean step : new boolean[] {false, true}) {
        f.define("generate_series")
            .takes(step ? new SqlType[] {type, type, type} : new SqlType[] {type, type})
            .returns(type)
            .mayFail()
            .describe("The numbers from one to another" + (step ? " by a step." : "."))
            .example(
                step
                    ? "generate_series(5, 1, -2) -> 5 | 3 | 1"
                    : "generate_series(1, 3) -> 1 | 2 | 3")
            .returnsSet(
                (types, result) -> kernel((c, a, i, out) -> integers(a, i, type, out[0]), type));
      }
    }
    for (boolean step : new boolean[] {false, true}) {
      f.define("generate_series")
          .takes(
              step
                  ? new dev.aevum.planner.plan.function.FunctionSignature.ArgumentType[] {
                    ANY_NUMERIC, ANY_NUMERIC, ANY_NUMERIC
                  }
                  : new dev.aevum.planner.plan.function.FunctionSignature.ArgumentType[] {
                    ANY_NUMERIC, ANY_NUMERIC
                  })
          .returns(SimpleType.NUMERIC)
          .mayFail()
          .describe("The numbers from one to another" + (step ? " by a step." : "."))
          .example(
              step
                  ? "generate_series(0.5, 1.5, 0.5) -> 0.5 | 1.0 | 1.5"
                  : "generate_series(0.5, 2.0) -> 0.5 | 1.5")
          .returnsSet((types, result) ->
              kernel((c, a, i, out) -> numerics(a, i, out[0]), SimpleType.NUMERIC));
    }
    for (SimpleType type : List.of(SimpleType.TIMESTAMP, SimpleType.TIMESTAMPTZ)) {
      boolean zoned = type == SimpleType.TIMESTAMPTZ;
      String word = zoned ? "timestamptz" : "timestamp";
      String zone = zoned ? "+00" : "";
      f.define("generate_series")
          .takes(type, type, SimpleType.INTERVAL)
          .returns(type)
          .mayFail()
          .describe("The times from one to another by an interval.")
          .example(
              "generate_series(%s '2024-01-01', %s '2024-01-02', interval '1 day') -> 2024-01-01 00:00:00%s | 2024-01-02 00:00:00%s"
                  .formatted(word, word, zone, zone))
          .returnsSet(
              (types, result) -> kernel((c, a, i, out) -> times(c, a, i, zoned, out[0]), type));
    }
  }

  private static SqlException zeroStep() {
    return new SqlException(ErrorCode.INVALID_PARAMETER_VALUE, "step size cannot equal zero");
  }

  private static void integers(Column[] a, int i, SimpleType type, ColumnWriter out) {
    long from = Scalars.integerAt(a[0], i);
    long to = Scalars.integerAt(a[1], i);
    long step = a.length > 2 ? Scalars.integerAt(a[2], i) : 1;
    if (step == 0) {
      throw zeroStep();
    }
    long value = from;
    while (step > 0 ? value <= to : value >= to) {
      NumberCasts.appendInteger(value, type, out);
      long next = value + step;
      if (((value ^ next) & (step ^ next)) < 0) {
        return;
      }
      value = next;
    }
  }

  private static void numerics(Column[] a, int i, ColumnWriter out) {
    PgNumeric step = a.length > 2 ? NumericColumns.read(a[2], i) : PgNumeric.of(1);
    PgNumeric to = NumericColumns.read(a[1], i);
    PgNumeric value = NumericColumns.read(a[0], i);
    if (step.signum() == 0) {
      throw zeroStep();
    }
    if (!step.isFinite() || !to.isFinite() || !value.isFinite()) {
      throw new SqlException(
          ErrorCode.INVALID_PARAMETER_VALUE, "start, stop and step values must be finite");
    }
    ByteSink sink = new ByteSink();
    while (step.signum() > 0 ? value.compareTo(to) <= 0 : value.compareTo(to) >= 0) {
      NumericColumns.append(value, out, sink);
      value = value.add(step);
    }
  }

  private static void times(
      EvaluationContext c, Column[] a, int i, boolean zoned, ColumnWriter out) {
    long to = a[1].longAt(i);
    long high = a[2].highAt(i);
    int sign = dev.aevum.executor.kernel.Intervals.compare(a[2].lowAt(i), high, 0, 0);
    if (sign == 0) {
      throw zeroStep();
    }
    long value = a[0].longAt(i);
    while (sign > 0 ? value <= to : value >= to) {
      out.appendLong(value);
      value =
          TimestampKernels.add(value, a[2], i, false, zoned, c.session().textStyle().timeZone());
    }
  }
}
