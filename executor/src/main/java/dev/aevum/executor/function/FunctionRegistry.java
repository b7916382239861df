package dev.aevum.executor.function;

import dev.aevum.executor.aggregate.AggregateFunction;
import dev.aevum.executor.anomaly.AnomalyFunctions;
import dev.aevum.executor.changepoint.ChangePointFunctions;
import dev.aevum.executor.forecast.ForecastFunctions;
import dev.aevum.executor.kernel.Kernel;
import dev.aevum.executor.kernel.SetReturningKernel;
import dev.aevum.executor.learning.LearningAlgorithms;
import dev.aevum.executor.learning.PublishedModel;
import dev.aevum.executor.sequence.SequenceFunctions;
import dev.aevum.executor.spi.ModelSummary;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.function.FunctionCatalog;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.LearningSignature;
import dev.aevum.planner.plan.function.SequenceSignature;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// All functions, operators and aggregates. Immutable and thread-safe once made; what it binds
/// belongs to one thread.
public final class FunctionRegistry implements FunctionCatalog {
  private final Map<FunctionSignature, FunctionEntry> entries;
  private final Map<String, List<FunctionSignature>> byName;
  private final SequenceFunctions sequenceFunctions =
      new SequenceFunctions(
          Stream.of(AnomalyFunctions.all(), ChangePointFunctions.all(), ForecastFunctions.all())
              .flatMap(List::stream)
              .toList());

  private final LearningAlgorithms learningAlgorithms = new LearningAlgorithms();

  FunctionRegistry(Collection<FunctionEntry> all) {
    Map<FunctionSignature, FunctionEntry> entryMap = new LinkedHashMap<>();
    Map<String, List<FunctionSignature>> names = new LinkedHashMap<>();
    for (FunctionEntry entry : all) {
      entryMap.put(entry.signature(), entry);
      names
          .computeIfAbsent(entry.signature().name(), n -> new ArrayList<>())
          .add(entry.signature());
    }
    names.replaceAll((n, list) -> List.copyOf(list));
    this.entries = Collections.unmodifiableMap(entryMap);
    this.byName = Collections.unmodifiableMap(names);
  }

  /// Everything the product has.
  public static FunctionRegistry standard() {
    FunctionDefinitions definitions = new FunctionDefinitions();
    ComparisonFunctions.define(definitions);
    ArithmeticFunctions.define(definitions);
    StringFunctions.define(definitions);
    PatternFunctions.define(definitions);
    DateTimeFunctions.define(definitions);
    MathFunctions.define(definitions);
    ArrayFunctions.define(definitions);
    JsonFunctions.define(definitions);
    Extremes.define(definitions);
    SetFunctions.define(definitions);
    SystemFunctions.define(definitions);
    CatalogFunctions.define(definitions);
    EncodingFunctions.define(definitions);
    WindowFunctions.define(definitions);
    AggregateFunctions.define(definitions);
    StatisticFunctions.define(definitions);
    SketchFunctions.define(definitions);
    return definitions.build();
  }

  @Override
  public List<FunctionSignature> named(String name) {
    return byName.getOrDefault(name, List.of());
  }

  @Override
  public Collection<FunctionSignature> all() {
    return entries.keySet();
  }

  @Override
  public List<SequenceSignature> sequences() {
    return sequenceFunctions.signatures();
  }

  @Override
  public List<LearningSignature> algorithms() {
    return learningAlgorithms.signatures();
  }

  /// What the bytes of a model's row say, without the model.
  public static ModelSummary modelSummary(byte[] published) {
    return PublishedModel.summary(published);
  }

  /// What is behind [#algorithms].
  public LearningAlgorithms learningAlgorithms() {
    return learningAlgorithms;
  }

  /// What is behind [#sequences].
  public SequenceFunctions sequenceFunctions() {
    return sequenceFunctions;
  }

  /// The loop of a scalar function for a call's types.
  public Kernel kernel(FunctionSignature function, List<SqlType> arguments, SqlType result) {
    return switch (entry(function)) {
      case FunctionEntry.Scalar s -> s.factory().bind(arguments, result);
      case FunctionEntry.Aggregate a -> throw notA(function, "scalar function");
      case FunctionEntry.SetReturning s -> throw notA(function, "scalar function");
      case FunctionEntry.Window w -> throw notA(function, "scalar function");
    };
  }

  /// The rows of a set-returning function. `result` is the call's type; a function of several
  /// columns has type RECORD.
  public SetReturningKernel setReturning(
      FunctionSignature function, List<SqlType> arguments, SqlType result) {
    if (entry(function) instanceof FunctionEntry.SetReturning s) {
      return s.factory().bind(arguments, result);
    }
    throw notA(function, "set-returning function");
  }

  /// The aggregate of a call over an input with these column types.
  public AggregateFunction aggregate(AggregateCall call, List<SqlType> inputTypes) {
    FunctionSignature.Binding binding = call.function().binding();
    FunctionSignature base = binding == null ? call.function() : binding.base();
    if (entry(base) instanceof FunctionEntry.Aggregate a) {
      return a.factory()
          .bind(
              call.arguments().stream().map(inputTypes::get).toList(),
              binding == null ? List.of() : binding.values(),
              call.type());
    }
    throw notA(call.function(), "aggregate");
  }

  private FunctionEntry entry(FunctionSignature function) {
    FunctionEntry entry = entries.get(function);
    if (entry == null) {
      throw new IllegalArgumentException(function.name() + " is not of this registry");
    }
    return entry;
  }

  private static IllegalArgumentException notA(FunctionSignature function, String kind) {
    return new IllegalArgumentException(function.name() + " is no " + kind);
  }
}
