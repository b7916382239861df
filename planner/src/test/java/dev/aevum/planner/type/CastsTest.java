package dev.aevum.planner.type;

import static dev.aevum.model.type.SimpleType.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.VarcharType;
import dev.aevum.planner.type.Casts.Context;
import java.util.List;
import org.junit.jupiter.api.Test;

class CastsTest {
  @Test
  void numbersWidenByThemselvesAndNarrowByAssignment() {
    assertThat(Casts.implicit(SMALLINT, BIGINT)).isTrue();
    assertThat(Casts.implicit(BIGINT, INTEGER)).isFalse();
    assertThat(Casts.exists(BIGINT, INTEGER, Context.ASSIGNMENT)).isTrue();
    assertThat(Casts.implicit(new DecimalType(5, 2), DOUBLE)).isTrue();
    assertThat(Casts.implicit(DOUBLE, NUMERIC)).isFalse();
    assertThat(Casts.exists(DOUBLE, new DecimalType(5, 2), Context.ASSIGNMENT)).isTrue();
  }

  @Test
  void textTakesAnythingByAssignmentAndBecomesAnythingExplicitly() {
    assertThat(Casts.exists(UUID, TEXT, Context.IMPLICIT)).isFalse();
    assertThat(Casts.exists(UUID, TEXT, Context.ASSIGNMENT)).isTrue();
    assertThat(Casts.exists(TEXT, UUID, Context.ASSIGNMENT)).isFalse();
    assertThat(Casts.exists(TEXT, UUID, Context.EXPLICIT)).isTrue();
    assertThat(Casts.exists(BOOLEAN, DATE, Context.EXPLICIT)).isFalse();
    assertThat(Casts.exists(INTEGER, BOOLEAN, Context.ASSIGNMENT)).isFalse();
    assertThat(Casts.exists(INTEGER, BOOLEAN, Context.EXPLICIT)).isTrue();
  }

  @Test
  void arraysCastAsTheirElementsDo() {
    assertThat(Casts.implicit(new ArrayType(INTEGER), new ArrayType(BIGINT))).isTrue();
    assertThat(Casts.implicit(new ArrayType(TEXT), new ArrayType(BIGINT))).isFalse();
    assertThat(Casts.implicit(INT2VECTOR, new ArrayType(SMALLINT))).isTrue();
  }

  @Test
  void commonTypeFollowsPostgres() {
    assertThat(Casts.common(List.of(INTEGER, UNKNOWN, BIGINT))).isEqualTo(BIGINT);
    assertThat(Casts.common(List.of(UNKNOWN, UNKNOWN))).isEqualTo(TEXT);
    assertThat(Casts.common(List.of(DATE, TIMESTAMPTZ, TIMESTAMP))).isEqualTo(TIMESTAMPTZ);
    assertThat(Casts.common(List.of(new VarcharType(3), NAME))).isEqualTo(TEXT);
    assertThat(Casts.common(List.of(INTEGER, TEXT))).isNull();
    assertThat(Casts.common(List.of(INTEGER, DOUBLE, NUMERIC))).isEqualTo(DOUBLE);
  }

  @Test
  void commonDecimalHasNoModifierUnlessAllAreEqual() {
    assertThat(Casts.common(List.of(new DecimalType(5, 2), INTEGER))).isEqualTo(NUMERIC);
    assertThat(Casts.common(List.of(new DecimalType(5, 2), new DecimalType(5, 2))))
        .isEqualTo(new DecimalType(5, 2));
    assertThat(Casts.common(List.of(new DecimalType(38, 0), new DecimalType(3, 3))))
        .isEqualTo(NUMERIC);
  }
}
