package dev.aevum.engine.session;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.parser.statement.CopyStatement.CopyOption;
import java.util.List;
import java.util.Locale;

/// How COPY data looks: PostgreSQL's text, CSV and binary formats. The binary one has no other
/// options.
record CopyFormat(
    boolean csv,
    boolean binary,
    boolean header,
    char delimiter,
    String nullText,
    char quote,
    char escape,
    List<String> forceQuote) {
  private static final List<String> TEXTUAL =
      List.of("header", "delimiter", "null", "quote", "escape", "force_quote");

  CopyFormat {
    forceQuote = List.copyOf(forceQuote);
  }

  /// `out`: of COPY TO.
  static CopyFormat of(List<CopyOption> options, boolean out) {
    boolean csv = false;
    boolean binary = false;
    for (CopyOption option : options) {
      if (option.name().equals("format")) {
        switch (value(option)) {
          case "csv" -> csv = true;
          case "text" -> csv = false;
          case "binary" -> binary = true;
          default -> throw wrong(option, "COPY format \"" + value(option) + "\" not recognized");
        }
      }
    }
    boolean header = false;
    char delimiter = csv ? ',' : '\t';
    String nullText = csv ? "" : "\\N";
    char quote = '"';
    char escape = 0;
    List<String> forceQuote = List.of();
    for (CopyOption option : options) {
      if (binary && TEXTUAL.contains(option.name())) {
        throw new SqlException(
                ErrorCode.SYNTAX_ERROR,
                "cannot specify " + option.name().toUpperCase(Locale.ROOT) + " in BINARY mode")
            .at(option.span());
      }
      switch (option.name()) {
        case "format", "freeze" -> {}
        case "header" -> header = !value(option).equals("false") && !value(option).equals("off");
        case "delimiter" -> delimiter = one(option);
        case "null" -> nullText = value(option);
        case "quote" -> quote = one(option);
        case "escape" -> escape = one(option);
        case "force_quote" -> {
          if (!out || !csv) {
            throw wrong(option, "COPY force quote only available using COPY TO in CSV mode");
          }
          forceQuote = option.values();
        }
        case "encoding" -> {
          if (!value(option).replace("-", "").equalsIgnoreCase("utf8")) {
            throw wrong(option, "COPY encoding \"" + value(option) + "\" is not supported");
          }
        }
        default ->
            throw Statements.unsupported("COPY option \"" + option.name() + "\"", option.span());
      }
    }
    return new CopyFormat(
        csv, binary, header, delimiter, nullText, quote, escape == 0 ? quote : escape, forceQuote);
  }

  private static String value(CopyOption option) {
    return option.values().isEmpty() ? "true" : option.values().getFirst();
  }

  private static char one(CopyOption option) {
    String text = value(option);
    if (text.length() != 1 || text.charAt(0) > 127) {
      throw wrong(option, "COPY " + option.name() + " must be a single one-byte character");
    }
    return text.charAt(0);
  }

  private static SqlException wrong(CopyOption option, String message) {
    return new SqlException(ErrorCode.INVALID_PARAMETER_VALUE, message).at(option.span());
  }
}
