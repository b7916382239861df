package dev.aevum.connectors.datagen.nexmark;

/// Event times: event `i` happens `i / rate` seconds after a fixed start, to the millisecond, so
/// events are in time order.
///
/// @param rate events per second of event time, at least 1
public record Timeline(long rate) {
  /// 2024-12-31 23:59:00 UTC.
  public static final long BASE_MILLIS = 1_735_689_540_000L;

  public Timeline {
    if (rate < 1) {
      throw new IllegalArgumentException("rate " + rate);
    }
  }

  /// Milliseconds since 1970 of an event.
  public long millis(long event) {
    return BASE_MILLIS + event * 1000 / rate;
  }

  /// Microseconds since 1970 of an event, as timestamp columns hold them.
  public long micros(long event) {
    return millis(event) * 1000;
  }
}
