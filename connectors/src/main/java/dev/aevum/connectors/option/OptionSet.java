package dev.aevum.connectors.option;

import dev.aevum.connectors.spi.OptionDefinition;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.SimpleType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The options of one WITH clause, checked against what a connector knows. Reading a value that
/// does not parse is 22023 with the option's name. Immutable.
public final class OptionSet {
  private final Map<String, String> values;
  private final Map<String, OptionDefinition> definitions = new TreeMap<>();

  /// Errors: 22023 for an option that `definitions` do not have, or a required one that is absent.
  public OptionSet(String connector, Map<String, String> values, List<OptionDefinition> known) {
    this.values = Map.copyOf(values);
    for (OptionDefinition definition : known) {
      definitions.put(definition.name(), definition);
    }
    for (String name : new TreeMap<>(values).keySet()) {
      if (!isKnown(name)) {
        throw ConnectorErrors.unknownOption(connector, name, definitions.keySet());
      }
    }
    for (OptionDefinition definition : known) {
      if (definition.required() && !values.containsKey(definition.name())) {
        throw ConnectorErrors.missingOption(connector, definition.name(), definition.description());
      }
    }
  }

  private boolean isKnown(String name) {
    if (definitions.containsKey(name)) {
      return true;
    }
    for (String pattern : definitions.keySet()) {
      if (pattern.endsWith(".*") && name.startsWith(pattern.substring(0, pattern.length() - 1))) {
        return true;
      }
    }
    return false;
  }

  /// The value, else the definition's default, else null.
  public @Nullable String find(String name) {
    String value = values.get(name);
    if (value != null) {
      return value;
    }
    OptionDefinition definition = definitions.get(name);
    return definition == null || definition.defaultValue().isEmpty()
        ? null
        : definition.defaultValue();
  }

  public String text(String name) {
    String value = find(name);
    if (value == null) {
      throw new IllegalStateException("option " + name + " has neither value nor default");
    }
    return value;
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  public boolean flag(String name) {
    String value = text(name).toLowerCase(Locale.ROOT);
    return switch (value) {
      case "true", "on", "yes", "1", "t" -> true;
      case "false", "off", "no", "0", "f" -> false;
      default -> throw ConnectorErrors.invalidValue(name, value, "true or false");
    };
  }

  public long number(String name, long min, long max) {
    String value = text(name);
    try {
      long number = Long.parseLong(value.trim());
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw ConnectorErrors.invalidValue(name, value, "an integer");
    }
    throw ConnectorErrors.invalidValue(name, value, "an integer from " + min + " to " + max);
  }

  public double fraction(String name) {
    String value = text(name);
    try {
      double number = Double.parseDouble(value.trim());
      if (number >= 0 && number <= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw ConnectorErrors.invalidValue(name, value, "a number from 0 to 1");
    }
    throw ConnectorErrors.invalidValue(name, value, "a number from 0 to 1");
  }

  /// An interval in PostgreSQL's syntax without months.
  public Duration duration(String name) {
    String value = text(name);
    try {
      Object parsed = PgText.parseValue(SimpleType.INTERVAL, value, TextStyle.DEFAULT);
      if (parsed instanceof IntervalValue interval && interval.months() == 0) {
        long micros = interval.fixedMicros();
        if (micros >= 0) {
          return Duration.ofNanos(Math.multiplyExact(micros, 1000L));
        }
      }
    } catch (SqlException | ArithmeticException e) {
      throw ConnectorErrors.invalidValue(name, value, "an interval such as '30 seconds'");
    }
    throw ConnectorErrors.invalidValue(name, value, "an interval such as '30 seconds'");
  }

  /// One of `choices`, which are lower case.
  public String choice(String name, List<String> choices) {
    String value = text(name).toLowerCase(Locale.ROOT);
    if (!choices.contains(value)) {
      throw ConnectorErrors.invalidValue(name, value, "one of " + String.join(", ", choices));
    }
    return value;
  }

  /// Options `prefix` + x, by x.
  public Map<String, String> prefixed(String prefix) {
    Map<String, String> found = new TreeMap<>();
    values.forEach((name, value) -> {
      if (name.startsWith(prefix)) {
        found.put(name.substring(prefix.length()), value);
      }
    });
    return found;
  }

  /// The definitions of several lists in one.
  @SafeVarargs
  public static List<OptionDefinition> join(List<OptionDefinition>... lists) {
    List<OptionDefinition> all = new ArrayList<>();
    for (List<OptionDefinition> list : lists) {
      all.addAll(list);
    }
    return List.copyOf(all);
  }
}
