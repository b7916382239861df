package dev.aevum.model.text;

import java.time.ZoneId;

/// How a session reads and writes values as text. Dates are always ISO; `dayFirst` reads ambiguous
/// dates as day/month.
public record TextStyle(
    ZoneId timeZone, boolean dayFirst, IntervalStyle intervalStyle, ByteaOutput byteaOutput) {
  /// UTC, ISO, month first, `postgres` intervals, hex bytea: PostgreSQL's defaults.
  public static final TextStyle DEFAULT =
      new TextStyle(java.time.ZoneOffset.UTC, false, IntervalStyle.POSTGRES, ByteaOutput.HEX);

  public enum IntervalStyle {
    POSTGRES,
    POSTGRES_VERBOSE,
    SQL_STANDARD,
    ISO_8601
  }

  public enum ByteaOutput {
    HEX,
    ESCAPE
  }
}
