package dev.aevum.testing.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SimpleType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.MatchSpec.AfterMatch;
import dev.aevum.planner.plan.MatchSpec.RowsPerMatch;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.Traits;
import dev.aevum.planner.plan.Traits.TimeColumn;
import dev.aevum.testing.pattern.MatchBuilder;
import dev.aevum.testing.pattern.MatchTerms;
import dev.aevum.testing.random.Signatures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Matches worked out by hand, with the standard's text (SQL:2016 part 2; ISO/IEC TR 19075-5
/// explains it with examples) beside.
class ReferenceMatchesTest {
  private static final int RELATION = 7;
  private static final Signatures SIGNATURES = new Signatures(FunctionRegistry.standard());

  private static final Schema PRICES =
      new Schema(
          List.of(
              new Field("symbol", SimpleType.TEXT, false),
              new Field("day", SimpleType.BIGINT, false),
              new Field("price", SimpleType.INTEGER, true)));

  /// Rows with the letters that they satisfy.
  private static final Schema LETTERS =
      new Schema(
          List.of(
              new Field("day", SimpleType.BIGINT, false),
              new Field("a", SimpleType.BOOLEAN, false),
              new Field("b", SimpleType.BOOLEAN, false),
              new Field("c", SimpleType.BOOLEAN, false)));

  private static PlanNode scan(Schema schema, boolean judged) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      all.add(i);
    }
    List<TimeColumn> times = judged ? List.of(new TimeColumn(schema.indexOf("day"), 0)) : List.of();
    Traits traits = new Traits(judged, List.of(), times, "none");
    return new PlanNode.ScanNode(RELATION, "t", all, judged, List.of(), schema, traits);
  }

  private static ReferenceResult run(
      PlanNode plan, List<List<@Nullable Object>> rows, @Nullable Long watermark) {
    return new ReferenceEvaluator(
            Map.of(RELATION, rows),
            watermark == null ? Map.of() : Map.of(RELATION, watermark),
            TextStyle.DEFAULT)
        .evaluate(plan);
  }

  private static List<List<@Nullable Object>> prices(String symbol, int... prices) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < prices.length; i++) {
      rows.add(List.of(symbol, i + 1L, (long) prices[i]));
    }
    return rows;
  }

  /// "AB C -": the first row satisfies a and b, the second c, the third nothing; days 1, 2, 3.
  private static List<List<@Nullable Object>> letters(String text) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    long day = 0;
    for (String row : text.split(" ")) {
      rows.add(List.of(++day, row.contains("A"), row.contains("B"), row.contains("C")));
    }
    return rows;
  }

  private static MatchBuilder lettersMatch(String pattern, boolean judged) {
    MatchBuilder match =
        new MatchBuilder(scan(LETTERS, judged), SIGNATURES).orderBy("day").pattern(pattern);
    for (String variable : List.of("A", "B", "C")) {
      if (match.variables(variable).getFirst() >= 0) {
        match.define(
            variable,
            t ->
                t.last(
                    t.column(variable.toLowerCase(java.util.Locale.ROOT)),
                    match.variables(),
                    0,
                    0));
      }
    }
    return match;
  }

  private static Expr labels(MatchTerms terms, MatchBuilder match, boolean running) {
    return terms.aggregate(
        "string_agg",
        List.of(terms.classifier(), new Expr.Literal("", SimpleType.TEXT)),
        false,
        match.variables(),
        running);
  }

  /// Each match as "first row:labels".
  private static List<String> matches(MatchBuilder match, String input, @Nullable Long watermark) {
    match.measure("d", t -> t.first(t.column("day"), match.variables(), 0, 0));
    match.measure("l", t -> labels(t, match, true));
    List<String> found = new ArrayList<>();
    for (List<@Nullable Object> row : run(match.build(), letters(input), watermark).rows()) {
      found.add(row.get(0) == null ? "-" : row.get(0) + ":" + row.get(1));
    }
    return found;
  }

  private static List<String> matches(String pattern, String input) {
    return matches(lettersMatch(pattern, false), input, null);
  }

  private static Expr down(MatchTerms t, MatchBuilder m, String operator) {
    return t.call(
        operator,
        t.last(t.column("price"), m.variables(), 0, 0),
        t.last(t.column("price"), m.variables(), 0, -1));
  }

  private static MatchBuilder vShape(String pattern, String down, String up) {
    MatchBuilder match =
        new MatchBuilder(scan(PRICES, false), SIGNATURES)
            .partitionBy("symbol")
            .orderBy("day")
            .pattern(pattern);
    return match.define(down, t -> down(t, match, "<")).define(up, t -> down(t, match, ">"));
  }

  /// The prices of the Oracle Data Warehousing Guide's first example.
  private static List<List<@Nullable Object>> ticker() {
    List<List<@Nullable Object>> rows =
        prices(
            "ACME", 12, 17, 19, 21, 25, 12, 15, 20, 24, 25, 19, 15, 25, 25, 14, 12, 14, 24, 23, 22);
    rows.addAll(
        prices("GLOBEX", 11, 12, 13, 12, 11, 10, 9, 8, 9, 9, 9, 9, 10, 11, 11, 11, 12, 12, 11, 9));
    return rows;
  }

  @Test
  void shapeOfV() {
    MatchBuilder match = vShape("STRT DOWN+ UP+", "DOWN", "UP");
    match
        .measure("start", t -> t.last(t.column("day"), match.variables("STRT"), 0, 0))
        .measure("bottom", t -> t.last(t.column("day"), match.variables("DOWN"), 0, 0))
        .measure("end", t -> t.last(t.column("day"), match.variables("UP"), 0, 0))
        .afterMatch(new AfterMatch.ToVariable(match.variables("UP"), true));
    assertThat(run(match.build(), ticker(), null).rows())
        .containsExactly(
            List.of("ACME", 5L, 6L, 10L),
            List.of("ACME", 10L, 12L, 13L),
            List.of("ACME", 14L, 16L, 18L),
            List.of("GLOBEX", 3L, 8L, 9L));
  }

  @Test
  void allRowsAreRunningAndFinal() {
    MatchBuilder match = vShape("STRT DOWN+ UP+", "DOWN", "UP");
    match
        .measure("no", MatchTerms::matchNumber)
        .measure("var", t -> t.last(t.classifier(), match.variables(), 0, 0))
        .measure("seen", t -> t.aggregate("count", List.of(), false, match.variables("UP"), true))
        .measure("all", t -> t.aggregate("count", List.of(), false, match.variables("UP"), false))
        .rows(RowsPerMatch.ALL_ROWS_SHOW_EMPTY);
    assertThat(run(match.build(), prices("ACME", 12, 25, 12, 15, 20, 19), null).rows())
        .containsExactly(
            List.of("ACME", 2L, 1L, "STRT", 0L, 2L, 25L),
            List.of("ACME", 3L, 1L, "DOWN", 0L, 2L, 12L),
            List.of("ACME", 4L, 1L, "UP", 1L, 2L, 15L),
            List.of("ACME", 5L, 1L, "UP", 2L, 2L, 20L));
  }

  @Test
  void earlierBranchesArePreferred() {
    assertThat(matches("A | A B", "A B")).containsExactly("1:A");
    assertThat(matches("A B | A", "A B")).containsExactly("1:AB");
    assertThat(matches("(A | B) C", "AB C")).containsExactly("1:AC");
    assertThat(matches("(B | A) C", "AB C")).containsExactly("1:BC");
  }

  @Test
  void greedyAndReluctant() {
    assertThat(matches("A* B", "A AB AB C")).containsExactly("1:AAB");
    assertThat(matches("A*? B", "A AB AB C")).containsExactly("1:AB", "3:B");
    assertThat(matches("A{2,3}", "A A A A A")).containsExactly("1:AAA", "4:AA");
    assertThat(matches("A{2,3}?", "A A A A A")).containsExactly("1:AA", "3:AA");
    assertThat(matches("A{,2} B", "A A A B")).containsExactly("2:AAB");
  }

  /// A longer match of the first part decides before anything of the second.
  @Test
  void earlierPartsDecideFirst() {
    assertThat(matches("A? (A B | B)", "A AB B")).containsExactly("1:AAB");
    assertThat(matches("A*? B* C", "A AB ABC C")).containsExactly("1:ABBC");
  }

  @Test
  void permutationsInOrderOfTheirParts() {
    assertThat(matches("PERMUTE(A, B, C)", "ABC ABC ABC")).containsExactly("1:ABC");
    assertThat(matches("PERMUTE(A, B, C)", "BC C A")).containsExactly("1:BCA");
    assertThat(matches("PERMUTE(A, B?)", "AB AB")).containsExactly("1:AB");
  }

  @Test
  void anchors() {
    assertThat(matches("^ A", "A A")).containsExactly("1:A");
    assertThat(matches("A $", "A A")).containsExactly("2:A");
    assertThat(matches("A* ^ B", "A B")).isEmpty();
    assertThat(matches("(^ A | B $)", "A AB B")).containsExactly("1:A", "3:B");
  }

  /// An empty match: at every row where nothing better is found.
  @Test
  void emptyMatches() {
    assertThat(matches("A*", "B A A B")).containsExactly("-", "2:AA", "-");
    assertThat(matches("A*?", "A A")).containsExactly("-", "-");
    assertThat(matches("()", "A")).containsExactly("-");
    for (RowsPerMatch kind : RowsPerMatch.values()) {
      MatchBuilder match = lettersMatch("A*", false).rows(kind);
      match.measure("n", MatchTerms::matchNumber);
      match.measure("l", t -> labels(t, match, true));
      List<List<@Nullable Object>> rows = run(match.build(), letters("B A"), null).rows();
      assertThat(rows).as(kind.name()).hasSize(kind == RowsPerMatch.ALL_ROWS_OMIT_EMPTY ? 1 : 2);
      int number = kind == RowsPerMatch.ONE_ROW ? 0 : 1;
      assertThat(rows.getLast().get(number)).isEqualTo(2L);
    }
  }

  @Test
  void unmatchedRows() {
    MatchBuilder match = lettersMatch("A B", false).rows(RowsPerMatch.ALL_ROWS_WITH_UNMATCHED);
    match.measure("n", MatchTerms::matchNumber);
    List<List<@Nullable Object>> rows = run(match.build(), letters("B A B A"), null).rows();
    assertThat(rows.stream().map(r -> r.get(0) + ":" + r.get(1)).toList())
        .containsExactly("1:null", "2:1", "3:1", "4:null");
  }

  @Test
  void excludedRowsAreMatchedButNotShown() {
    MatchBuilder match = lettersMatch("A {- B+ -} C", false).rows(RowsPerMatch.ALL_ROWS_SHOW_EMPTY);
    match.measure("l", t -> labels(t, match, true));
    List<List<@Nullable Object>> rows = run(match.build(), letters("A B B C"), null).rows();
    assertThat(rows.stream().map(r -> r.get(0) + ":" + r.get(1)).toList())
        .containsExactly("1:A", "4:ABBC");
  }

  /// An iteration that matches no row ends its loop.
  @Test
  void loopsOverNothing() {
    assertThat(matches("(A?)* B", "A A B")).containsExactly("1:AAB");
    assertThat(matches("(A??)* B", "A A B")).containsExactly("1:AAB");
    assertThat(matches("(A??)*", "A A")).containsExactly("-", "-");
    assertThat(matches("(() | A)* B", "AB B")).containsExactly("1:B", "2:B");
    assertThat(matches("(A | ())* B", "AB B")).containsExactly("1:AB");
    assertThat(matches("(A | ())* B", "A A B")).containsExactly("1:AAB");
    assertThat(matches("(A?){3} B", "A B")).containsExactly("1:AB");
    assertThat(matches("(A??){2} B", "A A B")).containsExactly("1:AAB");
    assertThat(matches("((A*)*)+ B", "A B B")).containsExactly("1:AB", "3:B");
  }

  @Test
  void whereMatchingGoesOn() {
    String input = "A AB B AB";
    assertThat(
            matches(
                lettersMatch("A+ B", false).afterMatch(new AfterMatch.ToNextRow()), input, null))
        .containsExactly("1:AAB", "2:AB");
    MatchBuilder toB = lettersMatch("A B+", false);
    assertThat(
            matches(
                toB.afterMatch(new AfterMatch.ToVariable(toB.variables("B"), false)), input, null))
        .containsExactly("1:ABBB", "2:ABB");
    MatchBuilder toLast = lettersMatch("A B+", false);
    assertThat(
            matches(
                toLast.afterMatch(new AfterMatch.ToVariable(toLast.variables("B"), true)),
                input,
                null))
        .containsExactly("1:ABBB");
  }

  @Test
  void skippingToTheFirstRowOrToNoneFails() {
    MatchBuilder first = lettersMatch("A B", false);
    first.afterMatch(new AfterMatch.ToVariable(first.variables("A"), false));
    assertThat(run(first.build(), letters("A B A B"), null).errors())
        .hasSize(2)
        .allMatch(e -> e.sqlState().equals("22023"));
    MatchBuilder absent = lettersMatch("A C? B", false);
    absent.afterMatch(new AfterMatch.ToVariable(absent.variables("C"), false));
    ReferenceResult result = run(absent.build(), letters("A B A C B"), null);
    assertThat(result.errors()).hasSize(1);
    assertThat(result.rows()).hasSize(2);
  }

  /// The conditions see the rows mapped so far, and the row under test mapped as they would have
  /// it.
  @Test
  void conditionsSeeTheMatch() {
    MatchBuilder match =
        new MatchBuilder(scan(PRICES, false), SIGNATURES)
            .partitionBy("symbol")
            .orderBy("day")
            .pattern("A+ B");
    List<Integer> a = match.variables("A");
    match
        .define(
            "A",
            t ->
                t.call(
                    "<=",
                    t.aggregate("sum", List.of(t.column("price")), false, a, true),
                    new Expr.Literal(10L, SimpleType.BIGINT)))
        .define(
            "B",
            t ->
                t.call(
                    ">",
                    t.last(t.column("price"), match.variables("B"), 0, 0),
                    t.first(t.column("price"), a, 1, 0)))
        .measure("n", t -> t.aggregate("count", List.of(), false, a, true))
        .measure("next", t -> t.last(t.column("price"), match.variables(), 0, 1))
        .measure("before", t -> t.first(t.column("price"), match.variables(), 0, -1));
    // From 3: 3+4 then 5 > 4. From 9 only one A fits, FIRST(A.price, 1) is NULL.
    assertThat(run(match.build(), prices("X", 9, 3, 4, 5, 1), null).rows())
        .containsExactly(List.of("X", 2L, 1L, 9L));
  }

  @Test
  void withinCountsTheLastInstant() {
    assertThat(matches(lettersMatch("A B* C", false).within(2, false), "A B C", null))
        .containsExactly("1:ABC");
    assertThat(matches(lettersMatch("A B* C", false).within(1, false), "A B C", null)).isEmpty();
    assertThat(matches(lettersMatch("A+", false).within(1, false), "A A A", null))
        .containsExactly("1:AA", "3:A");
  }

  /// A watermark tells what is sure: rows below it are there, a greedy loop may still grow.
  @Test
  void finalMatches() {
    assertThat(matches(lettersMatch("A B", true).released("day"), "A B A B", 4L))
        .containsExactly("1:AB");
    assertThat(matches(lettersMatch("A B", true).released("day"), "A B A B", 5L))
        .containsExactly("1:AB", "3:AB");
    assertThat(matches(lettersMatch("A+", true).released("day"), "A A A", 10L)).isEmpty();
    assertThat(matches(lettersMatch("A+ B*?", true).released("day"), "A A B", 10L))
        .containsExactly("1:AA");
    assertThat(matches(lettersMatch("A $", true).released("day"), "B A", 10L)).isEmpty();
    assertThat(matches(lettersMatch("A+", true).released("day").within(3, false), "A A A", 4L))
        .isEmpty();
    assertThat(matches(lettersMatch("A+", true).released("day").within(3, false), "A A A", 5L))
        .containsExactly("1:AAA");
  }

  @Test
  void timedOutStarts() {
    MatchBuilder match = lettersMatch("A B* C", true).released("day").within(2, true);
    match
        .measure("d", t -> t.first(t.column("day"), match.variables(), 0, 0))
        .measure("l", t -> labels(t, match, true))
        .measure("t", t -> t.rowtime(SimpleType.BIGINT))
        .measure("o", MatchTerms::timedOut)
        .measure("n", MatchTerms::matchNumber);
    String input = "A B B A C A B";
    assertThat(run(match.build(), letters(input), 8L).rows())
        .containsExactly(List.of(1L, "ABB", 3L, true, 1L), List.of(4L, "AC", 5L, false, 2L));
    assertThat(run(match.build(), letters(input), 9L).rows())
        .containsExactly(
            List.of(1L, "ABB", 3L, true, 1L),
            List.of(4L, "AC", 5L, false, 2L),
            List.of(6L, "AB", 8L, true, 3L));
  }
}
