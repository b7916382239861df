package dev.aevum.executor.sequence;

import dev.aevum.planner.plan.function.SequenceSignature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// All sequence functions. Immutable and thread-safe; the models it makes are not.
public final class SequenceFunctions {
  private final Map<SequenceSignature, SequenceFunction> functions = new LinkedHashMap<>();

  public SequenceFunctions(List<SequenceFunction> all) {
    all.forEach(f -> functions.put(f.signature(), f));
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
