package dev.aevum.cli.law;

import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import java.util.List;

/// The values of each type at which functions change their mind, as text.
final class BoundaryValues {
  private static final List<String> DOCUMENTS =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-0.0",
          "1.00",
          "1",
          "-12.5e3",
          "1E-7",
          "1e400",
          "\"\"",
          "\"a\\u00e9\\n\\u0001\\/\\\"\"",
          "\"\\ud83d\\ude00\"",
          "[]",
          "{}",
          " [ 1 , [2, \"x\"], null ] ",
          "[1.0, [2, \"x\"], null]",
          "{\"bb\": 1, \"a\": {\"c\": [true, 2.50]}, \"a\": {\"c\": [false, 3]}}",
          "{\"a\": {\"c\": [false, 3.0]}, \"bb\": 1}",
          "{\"day\": \"Monday\", \"a,b,c\": 7, \"\": null, \"Hello world\": \"h\\u0069\"}",
          "{\"a\": \"x\", \"d\\u0061y\": \"escaped key\"}");

  private static final List<String> TIMES =
      List.of(
          "-infinity",
          "infinity",
          "0001-01-01 00:00:00",
          "1969-12-31 23:59:59.999999",
          "1970-01-01 00:00:00",
          "2000-01-01 00:00:00",
          "2024-02-29 12:34:56.789012",
          "2024-12-31 23:59:59.5",
          "294246-12-31 23:59:59.999999",
          "4714-11-24 00:00:00 BC");

  private BoundaryValues() {}

  /// Empty for types of which none are known.
  static List<String> of(SqlType type) {
    return switch (type) {
      case DecimalType d ->
          d.scale() == 0
              ? List.of("0", "1", "-1", "9".repeat(d.precision()), "-" + "9".repeat(d.precision()))
              : List.of(
                  "0",
                  "1.5",
                  "-0.5",
                  "2.5",
                  "9".repeat(d.precision() - d.scale()) + "." + "9".repeat(d.scale()));
      case VarcharType v -> List.of("", "a", "ab ", "äö😀");
      case CharType c -> List.of("", "a", "ab ", "äö😀");
      case ArrayType a -> array(a.element());
      case CompositeType c -> List.of();
      case SimpleType s -> simple(s);
    };
  }

  private static List<String> array(SqlType element) {
    if (element == SimpleType.INTEGER || element == SimpleType.BIGINT) {
      return List.of("{}", "{1}", "{1,NULL,3}", "{3,2,1,2}");
    }
    return element == SimpleType.TEXT
        ? List.of("{}", "{a}", "{a,NULL,\"b c\"}", "{b,a,\"\"}")
        : List.of();
  }

  private static List<String> simple(SimpleType type) {
    return switch (type) {
      case BOOLEAN -> List.of("true", "false");
      case SMALLINT -> List.of("-32768", "-1", "0", "1", "2", "7", "32767");
      case INTEGER -> List.of("-2147483648", "-5", "-1", "0", "1", "2", "3", "10", "2147483647");
      case BIGINT ->
          List.of(
              "-9223372036854775808",
              "-2147483649",
              "-1",
              "0",
              "1",
              "2",
              "13",
              "2147483648",
              "9223372036854775807");
      case OID -> List.of("0", "1", "4294967295");
      case NUMERIC ->
          List.of(
              "0",
              "1",
              "-1",
              "0.5",
              "-0.5",
              "1.50",
              "2.5",
              "-2.5",
              "100",
              "1234.5678",
              "1e-6",
              "99999999999999999999.99",
              "NaN",
              "Infinity",
              "-Infinity");
      case REAL ->
          List.of(
              "0",
              "-0",
              "1",
              "-1",
              "0.1",
              "1.5",
              "2.5",
              "-2.5",
              "16777216",
              "1e10",
              "3.4028235e38",
              "1e-45",
              "NaN",
              "Infinity",
              "-Infinity");
      case DOUBLE ->
          List.of(
              "0",
              "-0",
              "1",
              "-1",
              "0.1",
              "0.5",
              "1.5",
              "2.5",
              "-2.5",
              "100",
              "1e15",
              "1e22",
              "1.7976931348623157e308",
              "5e-324",
              "NaN",
              "Infinity",
              "-Infinity");
      case TEXT ->
          List.of(
              "",
              "a",
              "abc",
              "ABC",
              " a b ",
              "äö😀",
              "a%b_c",
              "%b%",
              "\\",
              "0",
              "-1",
              "12.5",
              "a,b,c",
              ",",
              "2024-02-29",
              "day",
              "YYYY-MM-DD",
              "hex",
              "UTF8",
              "x.y",
              "[a-c]+",
              "Hello world");
      case BYTEA -> List.of("\\x", "\\x00", "\\x616263ff", "\\x80");
      case DATE ->
          List.of(
              "-infinity",
              "infinity",
              "0001-01-01",
              "1970-01-01",
              "2000-01-01",
              "2024-02-29",
              "2024-12-31",
              "5874897-12-31",
              "4714-11-24 BC");
      case TIME -> List.of("00:00:00", "12:34:56.789012", "23:59:59.999999", "24:00:00");
      case TIMESTAMP -> TIMES;
      case TIMESTAMPTZ -> TIMES.stream().map(BoundaryValues::inUtc).toList();
      case INTERVAL ->
          List.of(
              "0",
              "1 day",
              "-1 day",
              "1 mon",
              "1 year 2 mons 3 days 04:05:06.789",
              "-00:00:00.000001",
              "36:00:00",
              "31 days",
              "-1 mons +30 days",
              "178000000 years",
              "-2147483648 days",
              "0.5 seconds");
      case UUID ->
          List.of(
              "00000000-0000-0000-0000-000000000000",
              "ffffffff-ffff-ffff-ffff-ffffffffffff",
              "123e4567-e89b-12d3-a456-426614174000");
      case JSON, JSONB -> DOCUMENTS;
      default -> List.of();
    };
  }

  private static String inUtc(String time) {
    if (time.endsWith("infinity")) {
      return time;
    }
    return time.endsWith(" BC") ? time.replace(" BC", "+00 BC") : time + "+00";
  }
}
