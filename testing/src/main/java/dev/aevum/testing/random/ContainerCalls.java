package dev.aevum.testing.random;

import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.SimpleType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Calls of functions that look into documents and arrays, or make them.
final class ContainerCalls {
  /// Names that the generator uses, for the coverage of a run.
  static final List<String> NAMES =
      List.of(
          "->",
          "->>",
          "#>",
          "#>>",
          "jsonb_typeof",
          "jsonb_array_length",
          "array_subscript",
          "cardinality",
          "array_length",
          "array_append",
          "array_remove",
          "array_position",
          "array_to_string");

  static final ArrayType INTEGERS = new ArrayType(SimpleType.INTEGER);
  static final ArrayType TEXTS = new ArrayType(SimpleType.TEXT);

  private static final List<String> KEYS = List.of("a", "b", "aa", "", "0");
  private static final List<List<String>> PATHS =
      List.of(
          List.of(),
          List.of("a"),
          List.of("a", "b"),
          List.of("a", "0"),
          List.of("a", "b", "-1"),
          List.of("1"),
          List.of("-1", "b"),
          List.of("b", "x"));

  private final ExpressionGenerator expressions;
  private final Dice dice;

  ContainerCalls(ExpressionGenerator expressions, Dice dice) {
    this.expressions = expressions;
    this.dice = dice;
  }

  /// A document within a document.
  @Nullable Typed document(List<Typed> scope, int depth) {
    return dice.chance(70) ? step("->", scope, depth) : path("#>", scope, depth);
  }

  @Nullable Typed text(List<Typed> scope, int depth) {
    return switch (dice.weighted(30, 25, 15, 15, 15)) {
      case 0 -> step("->>", scope, depth);
      case 1 -> path("#>>", scope, depth);
      case 2 -> expressions.call("jsonb_typeof", scope, depth, SimpleType.JSONB);
      case 3 -> element(TEXTS, scope, depth);
      default -> {
        Typed separator = ExpressionGenerator.literal(SimpleType.TEXT, dice.pick(List.of(",", "")));
        yield expressions.apply(
            "array_to_string", List.of(expressions.of(any(), scope, depth), separator));
      }
    };
  }

  @Nullable Typed number(List<Typed> scope, int depth) {
    return switch (dice.below(5)) {
      case 0 -> element(INTEGERS, scope, depth);
      case 1 -> named("jsonb_array_length", scope);
      case 2 -> named("array_length", scope);
      case 3 -> named("array_position", scope);
      default -> expressions.call("cardinality", scope, depth, any());
    };
  }

  /// A call of that function.
  @Nullable Typed named(String name, List<Typed> scope) {
    return switch (name) {
      case "->", "->>" -> step(name, scope, 0);
      case "#>", "#>>" -> path(name, scope, 0);
      case "jsonb_typeof" -> expressions.call(name, scope, 0, SimpleType.JSONB);
      case "cardinality" -> expressions.call(name, scope, 0, any());
      case "array_length" ->
          expressions.apply(
              name, List.of(expressions.of(any(), scope, 0), place(dice.between(1, 2))));
      case "array_position" -> {
        ArrayType type = any();
        yield expressions.call(name, scope, 0, type, type.element());
      }
      case "array_to_string" ->
          expressions.apply(
              name,
              List.of(
                  expressions.of(any(), scope, 0),
                  ExpressionGenerator.literal(SimpleType.TEXT, "-")));
      // Most documents are no arrays: such a row is an error.
      case "jsonb_array_length" ->
          expressions.apply(
              name,
              List.of(
                  dice.chance(15)
                      ? expressions.of(SimpleType.JSONB, scope, 0)
                      : ExpressionGenerator.literal(
                          SimpleType.JSONB, dice.pick(List.of("[]", "[1, [2]]")))));
      default -> throw new IllegalArgumentException(name);
    };
  }

  private ArrayType any() {
    return dice.chance(50) ? INTEGERS : TEXTS;
  }

  @Nullable Typed array(ArrayType type, List<Typed> scope, int depth) {
    return switch (dice.weighted(40, 30, 30)) {
      case 0 -> expressions.call("||", scope, depth, type, type);
      case 1 -> expressions.call("array_append", scope, depth, type, type.element());
      default -> expressions.call("array_remove", scope, depth, type, type.element());
    };
  }

  private @Nullable Typed element(ArrayType type, List<Typed> scope, int depth) {
    return expressions.apply(
        "array_subscript", List.of(expressions.of(type, scope, depth), place(dice.between(0, 3))));
  }

  private @Nullable Typed step(String name, List<Typed> scope, int depth) {
    Typed wanted =
        dice.chance(60)
            ? ExpressionGenerator.literal(SimpleType.TEXT, dice.pick(KEYS))
            : place(dice.between(-2, 2));
    return expressions.apply(name, List.of(expressions.of(SimpleType.JSONB, scope, depth), wanted));
  }

  private @Nullable Typed path(String name, List<Typed> scope, int depth) {
    Typed wanted =
        dice.chance(15)
            ? expressions.of(TEXTS, scope, 0)
            : ExpressionGenerator.literal(TEXTS, dice.pick(PATHS));
    return expressions.apply(name, List.of(expressions.of(SimpleType.JSONB, scope, depth), wanted));
  }

  private static Typed place(long place) {
    return ExpressionGenerator.literal(SimpleType.INTEGER, place);
  }
}
