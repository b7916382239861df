package dev.aevum.planner.lower;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import dev.aevum.parser.statement.CreateModelStatement;
import dev.aevum.parser.statement.Name;
import dev.aevum.parser.statement.Option;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.error.ModelErrors;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.ModelSpec;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.CalcNode;
import dev.aevum.planner.plan.PlanNode.LearnNode;
import dev.aevum.planner.plan.Traits;
import dev.aevum.planner.plan.Traits.TimeColumn;
import dev.aevum.planner.plan.function.LearningSignature;
import dev.aevum.planner.plan.function.LearningSignature.Task;
import dev.aevum.planner.plan.function.SequenceSignature;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// CREATE MODEL: the query's columns become partition, target, features and order of a [LearnNode].
public final class ModelLowering {
  /// The column of a model's rows that holds its bytes.
  public static final String STATE = "state";

  private final CreateModelStatement statement;
  private final @Nullable SqlType targetType;
  private final LearningSignature algorithm;
  private final Map<Integer, RelationInfo.Stored> relations;

  /// @param targetType what PREDICT says Errors: 42704 for an unknown algorithm.
  public ModelLowering(
      CreateModelStatement statement,
      @Nullable SqlType targetType,
      List<LearningSignature> algorithms,
      Map<Integer, RelationInfo.Stored> relations) {
    this.statement = statement;
    this.targetType = targetType;
    this.relations = relations;
    String name = statement.algorithm().text();
    this.algorithm =
        algorithms.stream()
            .filter(a -> a.name().equals(name))
            .findFirst()
            .orElseThrow(() ->
                ModelErrors.unknownAlgorithm(
                    name,
                    algorithms.stream().map(LearningSignature::name).toList(),
                    statement.algorithm().span()));
  }

  /// The columns of the learning operator's input.
  private static final class Columns {
    final List<Expr> values = new ArrayList<>();
    final List<Field> fields = new ArrayList<>();

    void add(String name, Expr value) {
      values.add(value);
      fields.add(new Field(name, value.type(), value.nullable()));
    }
  }

  /// @param names of the query's columns
  /// @param times the columns by which its rows become final
  public LearnNode lower(PlanNode query, List<String> names, List<TimeColumn> times) {
    Columns columns = new Columns();
    Set<Integer> taken = new HashSet<>();
    times.forEach(t -> taken.add(t.column()));
    List<Field> partition = partition(query, names, columns, taken);
    @Nullable Field target = target(query, names, columns, taken);
    List<Field> features = features(query, names, columns, taken);
    PlanNode input = query;
    int order = -1;
    if (!times.isEmpty()) {
      int time = times.getFirst().column();
      order = columns.values.size();
      columns.add(names.get(time), reference(query, time));
    } else {
      ArrivalOrder.@Nullable Extended arrival = ArrivalOrder.of(query, relations);
      if (arrival != null
          && arrival.node().schema().type(arrival.columns().getLast()).physical()
              == PhysicalType.INT64) {
        input = arrival.node();
        order = columns.values.size();
        columns.add("arrival", reference(input, arrival.columns().getLast()));
      }
    }
    ModelSpec spec =
        new ModelSpec(algorithm.name(), algorithm.task(), options(), target, partition, features);
    List<Field> output = new ArrayList<>(partition);
    output.add(new Field(STATE, SimpleType.BYTEA, false));
    PlanNode calc =
        new CalcNode(input, null, columns.values, new Schema(columns.fields), Traits.UNKNOWN);
    return new LearnNode(calc, spec, order, !times.isEmpty(), new Schema(output), Traits.UNKNOWN);
  }

  private static Expr reference(PlanNode query, int column) {
    Field field = query.schema().field(column);
    return new Expr.ColumnRef(column, field.type(), field.nullable());
  }

  private static Expr cast(Expr value, SqlType type) {
    return value.type().equals(type) ? value : new Expr.Cast(value, type, value.nullable(), true);
  }

  private static int find(List<String> names, Name wanted) {
    int found = names.indexOf(wanted.text());
    if (found < 0) {
      throw ModelErrors.missingColumn(wanted.text(), wanted.span());
    }
    return found;
  }

  private List<Field> partition(
      PlanNode query, List<String> names, Columns columns, Set<Integer> taken) {
    List<Field> partition = new ArrayList<>();
    for (Name wanted : statement.partitionBy()) {
      int column = find(names, wanted);
      SqlType type = query.schema().type(column);
      boolean loses =
          type instanceof ArrayType
              || type instanceof CompositeType
              || type == SimpleType.NUMERIC
              || type == SimpleType.INTERVAL;
      if (loses) {
        throw ModelErrors.partition(wanted.text(), type.displayName(), wanted.span());
      }
      taken.add(column);
      columns.add(wanted.text(), reference(query, column));
      partition.add(new Field(wanted.text(), type, query.schema().field(column).nullable()));
    }
    return partition;
  }

  private @Nullable Field target(
      PlanNode query, List<String> names, Columns columns, Set<Integer> taken) {
    Name wanted = statement.target();
    if ((wanted == null) != (algorithm.task() == Task.CLUSTERS)) {
      throw wrongTarget(wanted == null ? statement.algorithm().span() : wanted.span());
    }
    if (wanted == null) {
      return null;
    }
    int column = find(names, wanted);
    SqlType declared = Objects.requireNonNull(targetType);
    if (!fits(declared)) {
      throw wrongTarget(wanted.span());
    }
    SqlType actual = query.schema().type(column);
    if (!alike(declared, actual)) {
      throw ModelErrors.targetType(
          wanted.text(), declared.displayName(), actual.displayName(), wanted.span());
    }
    taken.add(column);
    Expr value = cast(reference(query, column), declared);
    columns.add(
        wanted.text(),
        cast(value, algorithm.task() == Task.REGRESSION ? SimpleType.DOUBLE : SimpleType.TEXT));
    return new Field(wanted.text(), declared, true);
  }

  private SqlException wrongTarget(@Nullable SourceSpan span) {
    String wanted =
        switch (algorithm.task()) {
          case REGRESSION -> "a number";
          case TWO_CLASSES -> "a boolean";
          case CLASSES -> "a boolean, text or whole number";
          case CLUSTERS -> "clusters";
        };
    return ModelErrors.target(algorithm.name(), wanted, span);
  }

  private boolean fits(SqlType type) {
    return switch (algorithm.task()) {
      case REGRESSION -> ModelSpec.isNumber(type);
      case TWO_CLASSES -> type == SimpleType.BOOLEAN;
      case CLASSES ->
          type == SimpleType.BOOLEAN
              || isText(type)
              || type == SimpleType.SMALLINT
              || type == SimpleType.INTEGER
              || type == SimpleType.BIGINT;
      case CLUSTERS -> false;
    };
  }

  private static boolean isText(SqlType type) {
    return type == SimpleType.TEXT || type instanceof VarcharType || type instanceof CharType;
  }

  private static boolean alike(SqlType declared, SqlType actual) {
    return declared.equals(actual)
        || ModelSpec.isNumber(declared) && ModelSpec.isNumber(actual)
        || isText(declared) && (isText(actual) || actual == SimpleType.UNKNOWN);
  }

  private List<Field> features(
      PlanNode query, List<String> names, Columns columns, Set<Integer> taken) {
    List<Field> features = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (taken.contains(i)) {
        continue;
      }
      SqlType type = query.schema().type(i);
      boolean number = ModelSpec.isNumber(type);
      boolean category =
          type == SimpleType.BOOLEAN
              || type == SimpleType.UUID
              || type == SimpleType.UNKNOWN
              || isText(type);
      if (!number && !category) {
        throw ModelErrors.feature(names.get(i), type.displayName(), statement.name().span());
      }
      columns.add(
          names.get(i), cast(reference(query, i), number ? SimpleType.DOUBLE : SimpleType.TEXT));
      features.add(
          new Field(
              names.get(i),
              type == SimpleType.UNKNOWN
                  ? SimpleType.TEXT
                  : type instanceof DecimalType ? SimpleType.NUMERIC : type,
              true));
    }
    if (features.isEmpty()) {
      throw ModelErrors.noFeatures(statement.name().span());
    }
    return features;
  }

  private Map<String, String> options() {
    Map<String, String> options = new TreeMap<>();
    for (Option given : statement.options().entries()) {
      SequenceSignature.@Nullable Option option = algorithm.option(given.name());
      if (option == null) {
        throw ModelErrors.unknownOption(
            algorithm.name(),
            given.name(),
            algorithm.options().stream().map(SequenceSignature.Option::name).toList(),
            given.nameSpan());
      }
      String text = given.value().text();
      if (!isWithin(option, text)) {
        throw ModelErrors.optionRange(
            option.name(), option.range(), "\"" + text + "\"", given.value().span());
      }
      options.put(option.name(), text);
    }
    return options;
  }

  private static boolean isWithin(SequenceSignature.Option option, String text) {
    return switch (option.kind()) {
      case TEXT -> option.choices().contains(text);
      case BOOLEAN -> text.equals("true") || text.equals("false");
      case NUMBER, INTEGER -> {
        try {
          double value = Double.parseDouble(text);
          yield value >= option.minimum()
              && value <= option.maximum()
              && (option.kind() == SequenceSignature.Kind.NUMBER || value == Math.rint(value));
        } catch (NumberFormatException e) {
          yield false;
        }
      }
      case INTERVAL, ROWS_OR_INTERVAL -> false;
    };
  }
}
