package dev.aevum.planner.plan;

import dev.aevum.planner.plan.function.SequenceSignature;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One sequence function over columns of the input, of type double precision. `options`: those that
/// were given, checked: Double, Long, Boolean, String or [dev.aevum.model.type.IntervalValue]. Of
/// functions that take several values they also hold the names of these, under [#COLUMNS]. Their
/// order is that of names: EXPLAIN and with it the fingerprint of a view are the same in each
/// process. `results`: the columns of the signature that the node emits.
public record SequenceCall(
    SequenceSignature function,
    List<Integer> arguments,
    Map<String, Object> options,
    List<Integer> results) {
  /// No option has this name.
  public static final String COLUMNS = "columns";

  public SequenceCall {
    arguments = List.copyOf(arguments);
    options = Collections.unmodifiableMap(new TreeMap<>(options));
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
