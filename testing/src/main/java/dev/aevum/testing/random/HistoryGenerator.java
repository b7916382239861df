package dev.aevum.testing.random;

import dev.aevum.model.step.Watermarks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A history of changes: inserts, updates, deletes and duplicates of table rows; stream rows with
/// times around a moving present, some of them late, some without a time; watermarks that move;
/// steps in which nothing happens.
public final class HistoryGenerator {
  private static final long SECOND = 1_000_000L;

  /// How far watermarks follow the greatest time.
  public static final int DELAY_SECONDS = 5;

  /// 2020-01-01.
  private static final long START = 18_262L * 86_400L * SECOND;

  private final Dice dice;
  private final Coverage coverage;
  private final ValueGenerator values;
  private final List<Relation> relations;
  private final Map<Integer, List<List<@Nullable Object>>> contents = new HashMap<>();
  private final Map<Integer, Long> greatest = new HashMap<>();
  private long now = START;

  public HistoryGenerator(Dice dice, Coverage coverage, List<Relation> relations, int extremes) {
    this.dice = dice;
    this.coverage = coverage;
    this.relations = relations;
    this.values = new ValueGenerator(dice, extremes);
    relations.forEach(r -> contents.put(r.id(), new ArrayList<>()));
  }

  /// A row with its weight, +1 or -1.
  public record Change(List<@Nullable Object> row, int weight) {}

  /// The changes of each relation in order, and the watermarks that hold after the step.
  public record Step(Map<Integer, List<Change>> changes, Map<Integer, Long> watermarks) {}

  public Step step() {
    Map<Integer, List<Change>> changes = new HashMap<>();
    Map<Integer, Long> watermarks = new HashMap<>();
    now += dice.below(8) * SECOND;
    boolean empty = dice.chance(10);
    if (empty) {
      coverage.count("history", "empty step");
    }
    for (Relation relation : relations) {
      List<Change> made = new ArrayList<>();
      if (!empty) {
        for (int i = dice.below(10); i > 0; i--) {
          change(relation, made);
        }
      }
      if (!made.isEmpty()) {
        changes.put(relation.id(), made);
      }
      Long max = greatest.get(relation.id());
      if (max != null) {
        watermarks.put(relation.id(), max - DELAY_SECONDS * SECOND);
      }
    }
    return new Step(changes, watermarks);
  }

  /// Moves the present on by up to `seconds`.
  public void advance(int seconds) {
    now += dice.below(seconds + 1) * SECOND;
  }

  private void change(Relation relation, List<Change> made) {
    List<List<@Nullable Object>> rows = contents.get(relation.id());
    java.util.Objects.requireNonNull(rows);
    int kind = relation.isStream() || rows.isEmpty() ? 0 : dice.weighted(45, 10, 25, 20);
    switch (kind) {
      case 0 -> insert(relation, rows, row(relation), made, "insert");
      case 1 -> insert(relation, rows, dice.pick(rows), made, "duplicate");
      case 2 -> {
        delete(rows, made);
        coverage.count("history", "delete");
      }
      default -> {
        List<@Nullable Object> updated = new ArrayList<>(delete(rows, made));
        int column = dice.below(updated.size());
        updated.set(
            column,
            values.nullable(
                relation.schema().type(column), relation.schema().field(column).nullable()));
        insert(relation, rows, updated, made, "update");
      }
    }
  }

  private List<@Nullable Object> delete(List<List<@Nullable Object>> rows, List<Change> made) {
    List<@Nullable Object> row = rows.remove(dice.below(rows.size()));
    made.add(new Change(row, -1));
    return row;
  }

  private void insert(
      Relation relation,
      List<List<@Nullable Object>> rows,
      List<@Nullable Object> row,
      List<Change> made,
      String name) {
    coverage.count("history", name);
    made.add(new Change(row, 1));
    if (!relation.isStream()) {
      rows.add(row);
    }
  }

  /// A new row of that relation; of a stream, with a time around the present.
  public List<@Nullable Object> row(Relation relation) {
    List<@Nullable Object> row = new ArrayList<>();
    for (int i = 0; i < relation.schema().size(); i++) {
      row.add(
          i == relation.timeColumn()
              ? time(relation)
              : values.nullable(relation.schema().type(i), relation.schema().field(i).nullable()));
    }
    return row;
  }

  private @Nullable Object time(Relation relation) {
    if (dice.chance(4)) {
      coverage.count("history", "row without time");
      return null;
    }
    long back = dice.chance(15) ? 25 : DELAY_SECONDS;
    long time = now - dice.below((int) back + 1) * SECOND - dice.below(2);
    long before = greatest.getOrDefault(relation.id(), Watermarks.NONE);
    if (before != Watermarks.NONE && time < before - DELAY_SECONDS * SECOND) {
      coverage.count("history", "perhaps late row");
    }
    greatest.merge(relation.id(), time, Math::max);
    return time;
  }
}
