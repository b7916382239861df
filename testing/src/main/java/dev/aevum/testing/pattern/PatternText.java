package dev.aevum.testing.pattern;

import dev.aevum.planner.plan.Pattern;
import dev.aevum.planner.plan.Pattern.Quantified;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Patterns from and as the text of PATTERN ( ... ).
public final class PatternText {
  private final String text;
  private final List<String> variables;
  private int at;

  private PatternText(String text, List<String> variables) {
    this.text = text;
    this.variables = variables;
  }

  /// `variables`: takes up new ones in order of appearance.
  public static Pattern parse(String text, List<String> variables) {
    PatternText parser = new PatternText(text, variables);
    Pattern pattern = parser.alternation();
    if (parser.at < text.length()) {
      throw new IllegalArgumentException("not a pattern from " + parser.at + ": " + text);
    }
    return pattern;
  }

  private boolean next(String symbol) {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    if (text.startsWith(symbol, at)) {
      at += symbol.length();
      return true;
    }
    return false;
  }

  private void expect(String symbol) {
    if (!next(symbol)) {
      throw new IllegalArgumentException(symbol + " missing at " + at + ": " + text);
    }
  }

  private boolean ends() {
    next("");
    return at == text.length() || text.startsWith("-}", at) || "|),".indexOf(text.charAt(at)) >= 0;
  }

  private Pattern alternation() {
    List<Pattern> branches = new ArrayList<>();
    do {
      branches.add(concatenation());
    } while (next("|"));
    return branches.size() == 1 ? branches.getFirst() : new Pattern.Alternation(branches);
  }

  private Pattern concatenation() {
    List<Pattern> parts = new ArrayList<>();
    while (!ends()) {
      parts.add(factor());
    }
    return parts.isEmpty()
        ? new Pattern.Empty()
        : parts.size() == 1 ? parts.getFirst() : new Pattern.Concatenation(parts);
  }

  private Pattern factor() {
    Pattern operand = primary();
    int min;
    int max = Quantified.UNBOUNDED;
    if (next("*")) {
      min = 0;
    } else if (next("+")) {
      min = 1;
    } else if (next("?")) {
      min = 0;
      max = 1;
    } else if (!text.startsWith("{-", at) && next("{")) {
      min = number(0);
      max = next(",") ? number(Quantified.UNBOUNDED) : min;
      expect("}");
    } else {
      return operand;
    }
    return new Quantified(operand, min, max, next("?"));
  }

  private int number(int absent) {
    next("");
    int from = at;
    while (Character.isDigit(text.charAt(at))) {
      at++;
    }
    return from == at ? absent : Integer.parseInt(text.substring(from, at));
  }

  private Pattern primary() {
    if (next("{-")) {
      Pattern operand = alternation();
      expect("-}");
      return new Pattern.Exclusion(operand);
    }
    if (next("(")) {
      Pattern operand = alternation();
      expect(")");
      return operand;
    }
    if (next("^")) {
      return new Pattern.PartitionStart();
    }
    if (next("$")) {
      return new Pattern.PartitionEnd();
    }
    if (next("PERMUTE(")) {
      List<Pattern> parts = new ArrayList<>();
      do {
        parts.add(alternation());
      } while (next(","));
      expect(")");
      return new Pattern.Permutation(parts);
    }
    int from = at;
    while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
      at++;
    }
    if (from == at) {
      throw new IllegalArgumentException("no variable at " + at + ": " + text);
    }
    String name = text.substring(from, at);
    if (!variables.contains(name)) {
      variables.add(name);
    }
    return new Pattern.Variable(variables.indexOf(name));
  }

  public static String of(Pattern pattern, List<String> variables) {
    return switch (pattern) {
      case Pattern.Variable(int variable) -> variables.get(variable);
      case Pattern.Empty() -> "()";
      case Pattern.Concatenation(List<Pattern> parts) ->
          parts.stream()
              .map(p ->
                  p instanceof Pattern.Alternation
                      ? "(" + of(p, variables) + ")"
                      : of(p, variables))
              .collect(Collectors.joining(" "));
      case Pattern.Alternation(List<Pattern> branches) ->
          branches.stream().map(p -> of(p, variables)).collect(Collectors.joining(" | "));
      case Quantified q -> operand(q.operand(), variables) + quantifier(q);
      case Pattern.Permutation(List<Pattern> parts) ->
          parts.stream()
              .map(p -> of(p, variables))
              .collect(Collectors.joining(", ", "PERMUTE(", ")"));
      case Pattern.Exclusion(Pattern operand) -> "{- " + of(operand, variables) + " -}";
      case Pattern.PartitionStart() -> "^";
      case Pattern.PartitionEnd() -> "$";
    };
  }

  private static String operand(Pattern pattern, List<String> variables) {
    String text = of(pattern, variables);
    return pattern instanceof Pattern.Variable || pattern instanceof Pattern.Empty
        ? text
        : "(" + text + ")";
  }

  private static String quantifier(Quantified q) {
    String range;
    if (q.min() == 0 && q.max() == 1) {
      range = "?";
    } else if (q.max() == Quantified.UNBOUNDED) {
      range = q.min() == 0 ? "*" : q.min() == 1 ? "+" : "{" + q.min() + ",}";
    } else {
      range = q.min() == q.max() ? "{" + q.min() + "}" : "{" + q.min() + "," + q.max() + "}";
    }
    return range + (q.reluctant() ? "?" : "");
  }
}
