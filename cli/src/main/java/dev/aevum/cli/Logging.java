package dev.aevum.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/// The level of our own log; libraries stay at WARN.
final class Logging {
  private Logging() {}

  static void level(String name) {
    if (LoggerFactory.getLogger("dev.aevum") instanceof Logger logger) {
      logger.setLevel(Level.toLevel(name, Level.INFO));
    }
  }
}
