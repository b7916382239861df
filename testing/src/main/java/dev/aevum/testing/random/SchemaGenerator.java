package dev.aevum.testing.random;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import java.util.ArrayList;
import java.util.List;

/// Two tables and a stream with random columns; types that keys are often of come more often, and
/// one type, another from seed to seed, is in all of them, so that rare types meet their like.
public final class SchemaGenerator {
  /// What columns can be.
  public static final List<SqlType> TYPES =
      List.of(
          SimpleType.BOOLEAN,
          SimpleType.SMALLINT,
          SimpleType.INTEGER,
          SimpleType.BIGINT,
          SimpleType.NUMERIC,
          new DecimalType(9, 2),
          new DecimalType(18, 4),
          new DecimalType(30, 3),
          SimpleType.REAL,
          SimpleType.DOUBLE,
          SimpleType.TEXT,
          new VarcharType(8),
          new CharType(4),
          SimpleType.BYTEA,
          SimpleType.DATE,
          SimpleType.TIME,
          SimpleType.TIMESTAMP,
          SimpleType.TIMESTAMPTZ,
          SimpleType.INTERVAL,
          SimpleType.UUID,
          SimpleType.JSONB,
          ContainerCalls.INTEGERS,
          ContainerCalls.TEXTS);

  private static final List<SqlType> COMMON =
      List.of(SimpleType.INTEGER, SimpleType.BIGINT, SimpleType.TEXT);

  private final Dice dice;
  private final Coverage coverage;

  /// What a type is counted as: those that only arithmetic makes are one.
  static String label(SqlType type) {
    return type instanceof DecimalType && !TYPES.contains(type)
        ? "numeric of other precision"
        : type.displayName();
  }

  public SchemaGenerator(Dice dice, Coverage coverage) {
    this.dice = dice;
    this.coverage = coverage;
  }

  public List<Relation> relations() {
    return List.of(
        relation(16384, "t0", false), relation(16385, "t1", false), relation(16386, "s0", true));
  }

  private SqlType type(int column) {
    if (column == 0) {
      return dice.pick(COMMON);
    }
    return column == 1 ? dice.turn(TYPES) : dice.pick(TYPES);
  }

  private Relation relation(int id, String name, boolean stream) {
    List<Field> fields = new ArrayList<>();
    int count = dice.between(3, 6);
    for (int i = 0; i < count; i++) {
      SqlType type = type(i);
      coverage.count("column", type.displayName());
      fields.add(new Field("c" + i, type, dice.chance(80)));
    }
    if (!stream && dice.chance(60)) {
      SqlType time = dice.chance(50) ? SimpleType.TIMESTAMPTZ : SimpleType.TIMESTAMP;
      coverage.count("column", time.displayName());
      fields.add(new Field("c" + count, time, true));
    }
    if (stream) {
      SqlType time = dice.chance(50) ? SimpleType.TIMESTAMPTZ : SimpleType.TIMESTAMP;
      fields.add(new Field("ts", time, true));
    }
    return new Relation(id, name, new Schema(fields), stream ? fields.size() - 1 : -1);
  }
}
