package dev.aevum.executor.sequence;

import dev.aevum.executor.anomaly.AnomalyFunctions;
import dev.aevum.executor.changepoint.ChangePointFunctions;
import dev.aevum.executor.forecast.ForecastFunctions;
import dev.aevum.planner.plan.function.SequenceSignature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// All sequence functions. Immutable and thread-safe; the models it makes are not.
public final class SequenceFunctions {
  private final Map<SequenceSignature, SequenceFunction> functions = new LinkedHashMap<>();

  public SequenceFunctions(List<SequenceFunction> all) {
    all.forEach(f -> functions.put(f.signature(), f));
  }

  /// Everything the product has.
  public static SequenceFunctions standard() {
    List<SequenceFunction> all = new ArrayList<>();
    all.addAll(AnomalyFunctions.all());
    all.addAll(ChangePointFunctions.all());
    all.addAll(ForecastFunctions.all());
    return new SequenceFunctions(all);
  }

  public List<SequenceSignature> signatures() {
    return List.copyOf(functions.keySet());
  }

  SequenceFunction function(SequenceSignature signature) {
    SequenceFunction function = functions.get(signature);
    if (function == null) {
      throw new IllegalArgumentException(signature.name() + " is not of this registry");
    }
    return function;
  }
}
