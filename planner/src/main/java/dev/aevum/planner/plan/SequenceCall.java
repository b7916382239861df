package dev.aevum.planner.plan;

import dev.aevum.planner.plan.function.SequenceSignature;
import java.util.List;
import java.util.Map;

/// One sequence function over columns of the input, of type double precision. `options`: those that
/// were given, checked: Double, Long, Boolean, String or [dev.aevum.model.type.IntervalValue].
/// `results`: the columns of the signature that the node emits.
public record SequenceCall(
    SequenceSignature function,
    List<Integer> arguments,
    Map<String, Object> options,
    List<Integer> results) {
  public SequenceCall {
    arguments = List.copyOf(arguments);
    options = Map.copyOf(options);
    results = List.copyOf(results);
  }

  /// Rows that are learned before one is judged; 0 where the function knows no such option.
  public long warmup() {
    SequenceSignature.Option option = function.option("warmup");
    if (option == null) {
      return 0;
    }
    return options.get("warmup") instanceof Long given ? given : Long.parseLong(option.fallback());
  }
}
