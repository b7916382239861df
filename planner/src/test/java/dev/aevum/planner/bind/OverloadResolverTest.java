package dev.aevum.planner.bind;

import static dev.aevum.model.type.SimpleType.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.FunctionSignature.ArgumentType;
import dev.aevum.planner.plan.function.FunctionSignature.Kind;
import dev.aevum.planner.plan.function.FunctionSignature.Volatility;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The examples of PostgreSQL's manual, chapter 10, and what its catalogue decides.
class OverloadResolverTest {
  private static FunctionSignature of(SqlType... types) {
    List<ArgumentType> arguments =
        Arrays.stream(types).map(t -> (ArgumentType) new ArgumentType.Exact(t)).toList();
    return new FunctionSignature(
        "f", Kind.SCALAR, arguments, false, a -> TEXT, true, Volatility.IMMUTABLE, false, "", "");
  }

  private static List<FunctionSignature> resolve(
      List<FunctionSignature> overloads, boolean operator, SqlType... types) {
    return OverloadResolver.resolve(overloads, List.of(types), operator).candidates();
  }

  @Test
  void anExactMatchWins() {
    FunctionSignature ints = of(INTEGER, INTEGER);
    FunctionSignature longs = of(BIGINT, BIGINT);
    assertThat(resolve(List.of(longs, ints), true, INTEGER, INTEGER)).containsExactly(ints);
  }

  @Test
  void mixedIntegersTakeTheWiderOperator() {
    FunctionSignature ints = of(INTEGER, INTEGER);
    FunctionSignature longs = of(BIGINT, BIGINT);
    FunctionSignature doubles = of(DOUBLE, DOUBLE);
    assertThat(resolve(List.of(ints, longs, doubles), true, INTEGER, BIGINT))
        .containsExactly(longs);
  }

  @Test
  void anUnknownOperandIsTakenForTheOtherOnesType() {
    FunctionSignature dates = of(DATE, DATE);
    FunctionSignature texts = of(TEXT, TEXT);
    assertThat(resolve(List.of(texts, dates), true, DATE, UNKNOWN)).containsExactly(dates);
  }

  @Test
  void twoUnknownsAreText() {
    FunctionSignature texts = of(TEXT, TEXT);
    FunctionSignature ints = of(INTEGER, INTEGER);
    assertThat(resolve(List.of(ints, texts), true, UNKNOWN, UNKNOWN)).containsExactly(texts);
  }

  @Test
  void anUnknownArgumentPrefersThePreferredType() {
    FunctionSignature numeric =
        new FunctionSignature(
            "abs",
            Kind.SCALAR,
            List.of(new ArgumentType.AnyNumeric()),
            false,
            a -> NUMERIC,
            true,
            Volatility.IMMUTABLE,
            false,
            "",
            "");
    FunctionSignature doubles = of(DOUBLE);
    assertThat(resolve(List.of(numeric, doubles), false, UNKNOWN)).containsExactly(doubles);
  }

  @Test
  void nothingFitsWithoutAnImplicitCast() {
    assertThat(resolve(List.of(of(TEXT)), false, INTEGER)).isEmpty();
    assertThat(resolve(List.of(of(INTEGER, INTEGER)), true, INTEGER, TEXT)).isEmpty();
  }

  @Test
  void equallyGoodOverloadsAreAmbiguous() {
    assertThat(resolve(List.of(of(DATE), of(TIME)), false, UNKNOWN)).hasSize(2);
  }
}
