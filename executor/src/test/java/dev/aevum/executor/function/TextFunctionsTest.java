package dev.aevum.executor.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import dev.aevum.planner.plan.Expr;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TextFunctionsTest {
  private static final SimpleType TEXT = SimpleType.TEXT;

  private static String text(List<Object> values, int index) {
    return (String) values.get(index);
  }

  private static int characters(String text) {
    return text.codePointCount(0, text.length());
  }

  @Test
  void textKernelsEqualJavaStrings() {
    FunctionCase.check("length", List.of(TEXT), v -> (long) characters(text(v, 0)));
    FunctionCase.check(
        "octet_length",
        List.of(TEXT),
        v -> (long) text(v, 0).getBytes(StandardCharsets.UTF_8).length);
    FunctionCase.check("lower", List.of(TEXT), v -> text(v, 0).toLowerCase(java.util.Locale.ROOT));
    FunctionCase.check("upper", List.of(TEXT), v -> text(v, 0).toUpperCase(java.util.Locale.ROOT));
    FunctionCase.check("||", List.of(TEXT, TEXT), v -> text(v, 0) + text(v, 1));
    FunctionCase.check(
        "replace",
        List.of(TEXT, TEXT, TEXT),
        v -> text(v, 1).isEmpty() ? text(v, 0) : text(v, 0).replace(text(v, 1), text(v, 2)));
    FunctionCase.check(
        "position",
        List.of(TEXT, TEXT),
        v -> {
          int at = text(v, 0).indexOf(text(v, 1));
          return at < 0 ? 0L : (long) text(v, 0).codePointCount(0, at) + 1;
        });
    FunctionCase.check("starts_with", List.of(TEXT, TEXT), v -> text(v, 0).startsWith(text(v, 1)));
    FunctionCase.check(
        "btrim", List.of(TEXT), v -> text(v, 0).replaceAll("^ +", "").replaceAll(" +$", ""));
  }

  @Test
  void substringCountsCharacters() {
    FunctionCase.check(
        "substring",
        List.of(TEXT, SimpleType.INTEGER, SimpleType.INTEGER),
        v -> {
          long from = (Long) v.get(1);
          long count = (Long) v.get(2);
          if (count < 0) {
            throw new SqlException(
                ErrorCode.SUBSTRING_ERROR, "negative substring length not allowed");
          }
          int[] points = text(v, 0).codePoints().toArray();
          StringBuilder out = new StringBuilder();
          for (int i = 0; i < points.length; i++) {
            if (i + 1 >= from && i + 1 < from + count) {
              out.appendCodePoint(points[i]);
            }
          }
          return out.toString();
        });
  }

  @Test
  void likeEqualsTheRegularExpressionItMeans() {
    Random random = new Random(5);
    String letters = "ab%_\\ü";
    for (int round = 0; round < 20_000; round++) {
      StringBuilder pattern = new StringBuilder();
      for (int i = random.nextInt(7); i > 0; i--) {
        pattern.append(letters.charAt(random.nextInt(letters.length())));
      }
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(8); i > 0; i--) {
        text.append("abüb%_".charAt(random.nextInt(6)));
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      StringBuilder regex = new StringBuilder();
      boolean ends = false;
      for (int i = 0; i < pattern.length(); i++) {
        char c = pattern.charAt(i);
        if (c == '\\') {
          if (++i == pattern.length()) {
            ends = true;
            break;
          }
          regex.append(Pattern.quote(Character.toString(pattern.charAt(i))));
        } else {
          regex.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(Character.toString(c)));
        }
      }
      if (ends) {
        continue;
      }
      LikePattern like =
          new LikePattern(pattern.toString().getBytes(StandardCharsets.UTF_8), false);
      assertThat(like.matches(MemorySegment.ofArray(bytes), 0, bytes.length))
          .as(text + " LIKE " + pattern)
          .isEqualTo(Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text).matches());
    }
  }

  @Test
  void castsRoundAndFail() {
    assertThat(FunctionExamplesTest.scalar("2.5::integer")).isEqualTo("3");
    assertThat(FunctionExamplesTest.scalar("2.5::double precision::integer")).isEqualTo("2");
    assertThat(FunctionExamplesTest.scalar("(-2.5)::integer")).isEqualTo("-3");
    assertThat(FunctionExamplesTest.scalar("1.005::numeric(10,2)")).isEqualTo("1.01");
    assertThat(FunctionExamplesTest.scalar("'12'::text::integer")).isEqualTo("12");
    assertThat(FunctionExamplesTest.scalar("true::text")).isEqualTo("true");
    assertThat(FunctionExamplesTest.scalar("'abcdef'::text::varchar(3)")).isEqualTo("abc");
    assertThat(FunctionExamplesTest.scalar("ARRAY[1, NULL]::text[]")).isEqualTo("{1,NULL}");
    assertThat(FunctionExamplesTest.scalar("date '2024-02-29'::timestamp"))
        .isEqualTo("2024-02-29 00:00:00");
    fails("100000::smallint", "22003", "smallint out of range");
    fails("123.45::numeric(4,2)", "22003", "numeric field overflow");
    fails("'x'::text::integer", "22P02", "invalid input syntax for type integer: \"x\"");
  }

  private static void fails(String sql, String state, String message) {
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> FunctionExamplesTest.scalar(sql))
        .isInstanceOfSatisfying(
            SqlException.class,
            e -> {
              assertThat(e.sqlState()).isEqualTo(state);
              assertThat(e.text()).isEqualTo(message);
            });
  }

  @Test
  void implicitCastsToVarcharRefuseToCut() {
    VarcharType five = new VarcharType(5);
    Expr cast = new Expr.Cast(new Expr.ColumnRef(0, TEXT, true), five, true, false);
    List<SqlType> types = List.of(TEXT);
    FunctionCase.check(
        cast,
        types,
        v -> {
          String text = text(v, 0);
          int points = characters(text);
          String cut = text.substring(0, text.offsetByCodePoints(0, Math.min(5, points)));
          if (!text.substring(cut.length()).isBlank()
              || text.substring(cut.length()).indexOf('\t') >= 0) {
            throw new SqlException(
                ErrorCode.STRING_DATA_RIGHT_TRUNCATION,
                "value too long for type character varying(5)");
          }
          return cut;
        });
  }
}
