package dev.aevum.engine.runtime;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Option values that are amounts of memory: a number and kB, MB, GB or TB, of 1024 each, as
/// PostgreSQL's settings have them.
public final class MemorySize {
  /// Bounds a materialized view.
  public static final String OPTION = "memory_limit";

  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})\\s*(B|KB|MB|GB|TB)");
  private static final long LEAST = 1L << 20;

  private MemorySize() {}

  /// Errors: 22023.
  public static long bytes(String text) {
    Matcher matcher = FORM.matcher(text.strip().toUpperCase(Locale.ROOT));
    if (matcher.matches()) {
      long factor =
          switch (matcher.group(2).charAt(0)) {
            case 'K' -> 1L << 10;
            case 'M' -> 1L << 20;
            case 'G' -> 1L << 30;
            case 'T' -> 1L << 40;
            default -> 1;
          };
      long bytes = Long.parseLong(matcher.group(1)) * factor;
      if (bytes >= LEAST) {
        return bytes;
      }
    }
    throw new SqlException(
            ErrorCode.INVALID_PARAMETER_VALUE,
            "invalid value for option \"" + OPTION + "\": \"" + text + "\"")
        .withHint("Write an amount of at least 1 MB, such as '512 MB' or '1 GB'.");
  }
}
