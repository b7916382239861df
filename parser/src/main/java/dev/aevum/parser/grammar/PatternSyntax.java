package dev.aevum.parser.grammar;

import dev.aevum.parser.lexer.SyntaxErrors;
import org.jspecify.annotations.Nullable;

/// Operators of a row pattern that lack what they need, said as such.
final class PatternSyntax {
  private static final String FORMS = "The forms are {n}, {n,}, {n,m} and {,m}.";

  private PatternSyntax() {}

  /// Behind the opening brace of a quantifier.
  static void requireBounds(Token first) {
    @Nullable Token at = first;
    boolean any = isBound(at);
    if (any) {
      at = at.next;
    }
    if (Ahead.isKind(at, GrammarConstants.COMMA)) {
      at = at.next;
      if (isBound(at)) {
        any = true;
        at = at.next;
      }
    }
    if (!any || !Ahead.isKind(at, GrammarConstants.RBRACE)) {
      throw SyntaxErrors.invalid(
          "invalid bounds of a quantifier", Nodes.span(at == null ? first : at), FORMS);
    }
  }

  private static boolean isBound(@Nullable Token token) {
    if (token == null || token.kind != GrammarConstants.UNSIGNED_INTEGER_LITERAL) {
      return false;
    }
    try {
      return Integer.parseInt(token.image) >= 0;
    } catch (NumberFormatException e) {
      throw SyntaxErrors.invalid(
          "the bound " + token.image + " of a quantifier is out of range",
          Nodes.span(token),
          "It is at most " + Integer.MAX_VALUE + ".");
    }
  }

  /// `of`: an operator around patterns or variables, of which it needs one.
  static void requirePart(String of, Token next) {
    if (next.kind == GrammarConstants.UNSIGNED_INTEGER_LITERAL) {
      throw SyntaxErrors.invalid("invalid bounds of a quantifier", Nodes.span(next), FORMS);
    }
    if (next.kind == GrammarConstants.RPAREN || next.kind == GrammarConstants.MINUS) {
      boolean names = of.equals("SUBSET");
      throw SyntaxErrors.invalid(
          of + " needs at least one " + (names ? "variable" : "pattern"),
          Nodes.span(next),
          names ? "Write SUBSET u = (A, B)." : "Use () for a pattern that matches no row.");
    }
  }
}
