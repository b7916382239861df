package dev.aevum.planner.plan.function;

import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.SimpleType;
import dev.aevum.planner.plan.function.SequenceSignature.Kind;
import dev.aevum.planner.plan.function.SequenceSignature.Option;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How the models of a [dev.aevum.planner.plan.PlanNode.SequenceNode] are kept: what every sequence
/// function can be told, whatever its algorithm. Calls of one node agree in it.
///
/// @param resetAfterMicros a key starts anew after so long a silence; -1: never
/// @param idleTtlMicros a key's state is freed after so long a silence; -1: never
/// @param onRetract what a change of a row does that was learned
/// @param replayRows rows a key that can be replayed at most
/// @param replayMicros and how old they may be, from the key's last row; -1: however old
/// @param maxKeys keys at most; -1: no limit
/// @param evictsIdle frees the longest idle key above that; else the view stops
/// @param nonFiniteFails a NaN or infinity stops the view; else it is a missing value
public record SequenceFrame(
    long resetAfterMicros,
    long idleTtlMicros,
    OnRetract onRetract,
    long replayRows,
    long replayMicros,
    long maxKeys,
    boolean evictsIdle,
    boolean nonFiniteFails) {
  public static final long DEFAULT_REPLAY_ROWS = 1000;

  /// See the reference of sequence functions.
  public enum OnRetract {
    REPLAY,
    FORGET,
    ERROR
  }

  /// The options, as every function knows them.
  public static final List<Option> OPTIONS =
      List.of(
          interval("reset_after", "a key starts anew after so long a silence"),
          interval("idle_ttl", "a key's state is freed after so long a silence"),
          text(
              "on_retract",
              List.of("replay", "forget", "error"),
              "'replay'",
              "what a change of a row does that was learned"),
          new Option(
              "replay",
              Kind.ROWS_OR_INTERVAL,
              0,
              1_000_000,
              List.of(),
              "1000 rows",
              "last rows of a key in which changes are replayed"),
          new Option(
              "max_keys", Kind.INTEGER, 1, 1e12, List.of(), "none", "models at most; one worker"),
          text(
              "evict",
              List.of("none", "idle"),
              "'none'",
              "above max_keys: stop, or free the longest idle"),
          text(
              "non_finite",
              List.of("missing", "error"),
              "'missing'",
              "NaN and infinity: a missing value, or the view stops"));

  private static Option interval(String name, String description) {
    return new Option(name, Kind.INTERVAL, 0, 0, List.of(), "none", description);
  }

  private static Option text(
      String name, List<String> choices, String fallback, String description) {
    return new Option(name, Kind.TEXT, 0, 0, choices, fallback, description);
  }

  /// Whether an option of that name is the frame's.
  public static boolean has(String name) {
    return OPTIONS.stream().anyMatch(o -> o.name().equals(name));
  }

  /// From a call's options.
  public static SequenceFrame of(Map<String, Object> options) {
    Object replay = options.get("replay");
    return new SequenceFrame(
        micros(options.get("reset_after")),
        micros(options.get("idle_ttl")),
        switch ((String) options.getOrDefault("on_retract", "replay")) {
          case "forget" -> OnRetract.FORGET;
          case "error" -> OnRetract.ERROR;
          default -> OnRetract.REPLAY;
        },
        replay instanceof Long rows
            ? rows
            : replay instanceof IntervalValue ? Long.MAX_VALUE : DEFAULT_REPLAY_ROWS,
        micros(replay),
        (Long) options.getOrDefault("max_keys", -1L),
        "idle".equals(options.get("evict")),
        "error".equals(options.get("non_finite")));
  }

  private static long micros(@Nullable Object interval) {
    return interval instanceof IntervalValue i ? i.fixedMicros() : -1;
  }

  /// The options that are the frame's: calls that differ in them are run apart.
  public static Map<String, Object> part(Map<String, Object> options) {
    Map<String, Object> part = new LinkedHashMap<>();
    for (Option option : OPTIONS) {
      Object value = options.get(option.name());
      if (value != null) {
        part.put(option.name(), value);
      }
    }
    return part;
  }

  /// As EXPLAIN shows it, for input that changes.
  public String shown() {
    return switch (onRetract) {
      case FORGET -> "forget";
      case ERROR -> "error";
      case REPLAY ->
          replayMicros >= 0
              ? "replay "
                  + PgText.formatValue(
                      SimpleType.INTERVAL, new IntervalValue(0, 0, replayMicros), TextStyle.DEFAULT)
              : "replay " + replayRows + " rows";
    };
  }
}
