package dev.aevum.connectors.format;

import dev.aevum.connectors.option.ConnectorErrors;
import dev.aevum.connectors.option.OptionSet;
import dev.aevum.connectors.spi.OptionDefinition;
import dev.aevum.model.batch.Field;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.type.SimpleType;
import java.util.List;

/// The format options of a source or sink, read.
///
/// @param json JSON objects; otherwise separated values
/// @param header whether a file of separated values starts with a line of names
public record RowFormat(boolean json, boolean header, CsvDialect dialect) {
  /// The options that choose a format.
  public static final List<OptionDefinition> OPTIONS =
      List.of(
          new OptionDefinition("format", true, "", "`json` (one object a row) or `csv`."),
          new OptionDefinition(
              "header", false, "false", "csv: whether files start with a line of column names."),
          new OptionDefinition("delimiter", false, ",", "csv: the character between fields."),
          new OptionDefinition("quote", false, "\"", "csv: the character around fields."),
          new OptionDefinition(
              "null", false, "", "csv: the unquoted text that means NULL; by default no text."));

  /// Errors: 22023 for values that are none.
  public static RowFormat of(OptionSet options) {
    boolean json = options.choice("format", List.of("json", "csv")).equals("json");
    if (json) {
      for (String name : List.of("header", "delimiter", "quote", "null")) {
        if (options.has(name)) {
          throw ConnectorErrors.error(
              ErrorCode.INVALID_PARAMETER_VALUE,
              "option \"" + name + "\" does not apply to format json",
              "It belongs to format csv.");
        }
      }
      return new RowFormat(true, false, CsvDialect.DEFAULT);
    }
    String nullText = options.find("null");
    CsvDialect dialect =
        new CsvDialect(
            character(options, "delimiter"),
            character(options, "quote"),
            nullText == null ? "" : nullText);
    if (dialect.delimiter() == dialect.quote()) {
      throw ConnectorErrors.invalidValue(
          "quote", options.text("quote"), "a character other than the delimiter");
    }
    return new RowFormat(false, options.flag("header"), dialect);
  }

  private static byte character(OptionSet options, String name) {
    String value = options.text(name).equals("\\t") ? "\t" : options.text(name);
    if (value.length() != 1 || value.charAt(0) >= 0x80 || "\r\n".contains(value)) {
      throw ConnectorErrors.invalidValue(name, value, "a single ASCII character");
    }
    return (byte) value.charAt(0);
  }

  /// Checks that rows can be decoded into these columns. Errors: 0A000 for types without text
  /// input, 42701 for columns that the same field could mean.
  public static void check(List<Field> declared) {
    for (Field field : declared) {
      if (field.type() == SimpleType.RECORD) {
        throw ConnectorErrors.unsupported(
            "column \""
                + field.name()
                + "\" of type "
                + field.type().displayName()
                + " cannot be read from a connector",
            "Declare it as json or text.");
      }
    }
    FieldNames.check(declared);
  }

  /// A decoder into `out`'s declared columns, which are `declared`.
  public RowDecoder decoder(RowAppender out, List<Field> declared) {
    return json ? new JsonDecoder(out, new FieldNames(declared)) : new CsvDecoder(out, dialect);
  }

  /// Which column each field of a header line goes to, -1 for none.
  ///
  /// Errors: 42702 for two fields that match a column ignoring case, 42703 when a NOT NULL column
  /// or every column is absent.
  public static int[] headerColumns(
      List<Field> declared, List<Boolean> notNull, List<String> header, String where) {
    int[] columns = new int[header.size()];
    java.util.Arrays.fill(columns, FieldNames.NO_COLUMN);
    boolean any = false;
    for (int c = 0; c < declared.size(); c++) {
      String name = declared.get(c).name();
      int found = header.indexOf(name);
      for (int f = 0; found < 0 && f < columns.length; f++) {
        if (header.get(f).equalsIgnoreCase(name)) {
          checkSingle(header, f, name, where);
          found = f;
        }
      }
      if (found >= 0) {
        columns[found] = c;
        any = true;
      } else if (notNull.get(c)) {
        throw ConnectorErrors.unknownColumn(name, where, header);
      }
    }
    if (!any && !declared.isEmpty()) {
      throw ConnectorErrors.unknownColumn(declared.getFirst().name(), where, header);
    }
    return columns;
  }

  private static void checkSingle(List<String> header, int field, String name, String where) {
    for (int other = field + 1; other < header.size(); other++) {
      if (header.get(other).equalsIgnoreCase(name)) {
        throw ConnectorErrors.error(
            ErrorCode.AMBIGUOUS_COLUMN,
            "column \""
                + name
                + "\" is ambiguous: "
                + where
                + " has \""
                + header.get(field)
                + "\" and \""
                + header.get(other)
                + "\"",
            "Name the column exactly as one of them.");
      }
    }
  }
}
