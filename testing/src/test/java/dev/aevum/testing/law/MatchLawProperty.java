package dev.aevum.testing.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.model.error.SqlException;
import dev.aevum.parser.SqlParser;
import dev.aevum.parser.statement.CreateMaterializedViewStatement;
import dev.aevum.parser.statement.QueryStatement;
import dev.aevum.planner.Planner;
import dev.aevum.planner.plan.Pattern;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import dev.aevum.testing.law.MatchCase.Conditions;
import dev.aevum.testing.law.MatchCase.Mode;
import dev.aevum.testing.pattern.MatchSql;
import dev.aevum.testing.pattern.PatternShapes;
import dev.aevum.testing.random.Dice;
import dev.aevum.testing.random.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The executor's matches are the oracle's.
///
/// - all pattern shapes of a size over all inputs of a length in three symbols, each symbol a set
///   of variables that it satisfies: a sample here, all with `-Daevum.match.full=SIZE`
///   (`-Daevum.match.length=N`: the longest input, default 8 then; `-Daevum.match.parts=N` and
///   `-Daevum.match.part=I`: every N-th pattern from number I on);
/// - random patterns with random conditions and measures over random inputs: `-Daevum.cases=N` from
///   `-Daevum.seed=N` on.
class MatchLawProperty {
  private static final long FIRST_SEED = Long.getLong("aevum.seed", 1);
  private static final int CASES = Integer.getInteger("aevum.cases", 120);
  private static final int FULL = Integer.getInteger("aevum.match.full", 0);
  private static final int LENGTH = Integer.getInteger("aevum.match.length", FULL > 0 ? 8 : 4);
  private static final int PARTS = Integer.getInteger("aevum.match.parts", 1);
  private static final int PART = Integer.getInteger("aevum.match.part", 0);
  private static final int SAMPLE = Integer.getInteger("aevum.match.sample", 25);

  @Test
  void allShapesOverAllInputs() {
    PatternShapes shapes = new PatternShapes();
    Dice dice = new Dice(FIRST_SEED);
    List<Pattern> patterns = new ArrayList<>();
    for (int size = 1; size <= FULL; size++) {
      patterns.addAll(shapes.ofSize(size));
    }
    if (FULL == 0) {
      patterns.addAll(shapes.ofSize(1));
      patterns.addAll(shapes.ofSize(2));
      for (int size = 3; size <= 4; size++) {
        List<Pattern> all = shapes.ofSize(size);
        for (int i = 0; i < SAMPLE; i++) {
          patterns.add(dice.pick(all));
        }
      }
    }
    List<String> failures = new ArrayList<>();
    for (int i = PART; i < patterns.size() && failures.size() < 5; i += PARTS) {
      Pattern pattern = patterns.get(i);
      Dice own = new Dice(FIRST_SEED * 1_000_003 + i);
      MatchCase match = MatchCase.random(own, pattern, Conditions.FLAGS);
      String text = "pattern " + i + " of " + patterns.size() + ": " + match.text() + "\n";
      try {
        List<List<@Nullable Object>> rows = allInputs(own, LENGTH);
        MatchLaw law = MatchLaw.of(match);
        law.adHoc(rows, own);
        law.released(rows, own, 3);
        law.revised(rows, own, 3);
      } catch (RuntimeException | AssertionError e) {
        report(failures, text, e);
      }
      if (FULL > 0 && i / PARTS % 25 == 0) {
        System.out.println(
            i / PARTS
                + 1
                + " of "
                + patterns.size() / PARTS
                + " patterns, "
                + failures.size()
                + " fail");
      }
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void randomPatterns() {
    List<String> failures = new ArrayList<>();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + CASES && failures.size() < 5; seed++) {
      try {
        check(seed);
      } catch (RuntimeException | AssertionError e) {
        report(failures, "seed " + seed + "\n", e);
      }
    }
    assertThat(failures).isEmpty();
  }

  /// The same with the clause written as SQL: parser, binder and planner take part.
  @Test
  void randomClauses() {
    List<String> failures = new ArrayList<>();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + CASES / 2 && failures.size() < 5; seed++) {
      try {
        check(seed, MatchLawProperty::fromSql);
      } catch (RuntimeException | AssertionError e) {
        report(failures, "seed " + seed + "\n", e);
      }
    }
    assertThat(failures).isEmpty();
  }

  /// Row patterns in windows.
  @Test
  void randomWindows() {
    List<String> failures = new ArrayList<>();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + CASES && failures.size() < 5; seed++) {
      try {
        checkWindow(seed, (node, mode) -> node);
        if (seed % 2 == 0) {
          checkWindow(seed, MatchLawProperty::fromSql);
        }
      } catch (RuntimeException | AssertionError e) {
        report(failures, "seed " + seed + "\n", e);
      }
    }
    assertThat(failures).isEmpty();
  }

  /// All shapes of patterns of up to two symbols, in windows, over all inputs.
  @Test
  void allShapesInWindows() {
    PatternShapes shapes = new PatternShapes();
    List<Pattern> patterns = new ArrayList<>(shapes.ofSize(1));
    patterns.addAll(shapes.ofSize(2));
    List<String> failures = new ArrayList<>();
    for (int i = 0; i < patterns.size() && failures.size() < 5; i++) {
      Dice own = new Dice(FIRST_SEED * 7_000_003 + i);
      MatchCase match = MatchCase.inWindow(own, patterns.get(i), Conditions.FLAGS);
      try {
        List<List<@Nullable Object>> rows = allInputs(own, LENGTH);
        MatchLaw law = MatchLaw.of(match);
        law.adHoc(rows, own);
        law.released(rows, own, 3);
        law.revised(rows, own, 3);
      } catch (RuntimeException | AssertionError e) {
        report(failures, "pattern " + i + ": " + match.text() + "\n", e);
      }
    }
    assertThat(failures).isEmpty();
  }

  static PlanNode fromSql(MatchNode node, Mode mode) {
    Relation relation = mode == Mode.FINAL ? MatchCase.STREAM : MatchCase.TABLE;
    String sql = MatchSql.query(node, relation.name());
    return plan(sql, mode);
  }

  /// A query ad hoc; a view's otherwise.
  static PlanNode plan(String sql, Mode mode) {
    LawCatalog catalog =
        new LawCatalog(List.of(MatchCase.STREAM, MatchCase.TABLE), MatchCase.FUNCTIONS);
    try {
      if (mode == Mode.AD_HOC) {
        QueryStatement statement = (QueryStatement) SqlParser.parseOne(sql);
        return new Planner().planQuery(statement.query(), catalog, List.of()).root();
      }
      CreateMaterializedViewStatement statement =
          (CreateMaterializedViewStatement)
              SqlParser.parseOne("CREATE MATERIALIZED VIEW v AS " + sql);
      return new Planner()
          .planView(statement.query(), List.of(), statement.emit(), false, catalog)
          .root();
    } catch (SqlException e) {
      throw new AssertionError(e.sqlState() + " " + e.text() + "\n" + sql, e);
    }
  }

  private static void report(List<String> failures, String text, Throwable e) {
    failures.add(text + e.getMessage());
    if (!(e instanceof AssertionError) || e.getCause() != null) {
      System.out.println(text);
      e.printStackTrace(System.out);
    }
  }

  static void check(long seed) {
    check(seed, (node, mode) -> node);
  }

  static void checkWindow(long seed, BiFunction<MatchNode, Mode, PlanNode> planned) {
    Dice dice = new Dice(seed);
    Pattern pattern =
        dice.chance(40)
            ? PatternShapes.ambiguous(dice)
            : PatternShapes.numbered(PatternShapes.random(dice, dice.between(1, 7)));
    Conditions conditions = Conditions.values()[dice.below(3)];
    check(MatchCase.inWindow(dice, pattern, conditions), dice, planned);
  }

  /// `planned`: see [MatchLaw].
  static void check(long seed, BiFunction<MatchNode, Mode, PlanNode> planned) {
    Dice dice = new Dice(seed);
    int kind = dice.weighted(40, 25, 35);
    Pattern pattern =
        switch (kind) {
          case 0 -> PatternShapes.ambiguous(dice);
          case 1 -> PatternShapes.nullableLoops(dice);
          default -> PatternShapes.numbered(PatternShapes.random(dice, dice.between(2, 8)));
        };
    Conditions conditions =
        Conditions.values()[kind == 0 ? dice.weighted(10, 60, 30) : dice.weighted(35, 25, 40)];
    check(MatchCase.random(dice, pattern, conditions), dice, planned);
  }

  private static void check(
      MatchCase match, Dice dice, BiFunction<MatchNode, Mode, PlanNode> planned) {
    List<List<@Nullable Object>> rows = randomInputs(dice);
    try {
      MatchLaw law = new MatchLaw(match, planned);
      law.adHoc(rows, dice);
      law.released(rows, dice, dice.between(1, 10));
      law.revised(rows, dice, dice.between(1, 10));
    } catch (AssertionError e) {
      throw new AssertionError(match.text() + "\n" + e.getMessage(), e.getCause());
    } catch (RuntimeException e) {
      throw new IllegalStateException(match.text(), e);
    }
  }

  /// Every word of up to `longest` letters over three symbols is a partition, shorter ones first.
  static List<List<@Nullable Object>> allInputs(Dice dice, int longest) {
    List<Integer> symbols = new ArrayList<>();
    while (symbols.size() < 3) {
      int symbol = dice.below(8);
      if (!symbols.contains(symbol)) {
        symbols.add(symbol);
      }
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    long k = 0;
    for (int length = 1; length <= longest; length++) {
      int words = (int) Math.pow(3, length);
      for (int word = 0; word < words; word++) {
        k++;
        for (int i = 0, left = word; i < length; i++, left /= 3) {
          long time = (i + 1) * MatchCase.SECOND;
          rows.add(MatchLaw.row(k, rows.size(), symbols.get(left % 3), null, time));
        }
      }
    }
    return rows;
  }

  /// A few partitions; times go on by 0 to 2 seconds.
  private static List<List<@Nullable Object>> randomInputs(Dice dice) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    int density = dice.between(40, 95);
    for (long k = 1; k <= 20; k++) {
      long time = MatchCase.SECOND;
      for (int i = dice.between(1, 8); i > 0; i--) {
        int flags = 0;
        for (int v = 0; v < 3; v++) {
          flags |= dice.chance(density) ? 1 << v : 0;
        }
        Long number = dice.chance(10) ? null : Long.valueOf(dice.between(-2, 3));
        rows.add(MatchLaw.row(k, rows.size(), flags, number, time));
        time += dice.below(3) * MatchCase.SECOND;
      }
    }
    return rows;
  }
}
