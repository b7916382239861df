package dev.aevum.cli;

import dev.aevum.engine.runtime.DatabaseConfig;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// Options that every command with a database of its own has.
final class ServerOptions {
  @Option(
      names = "--data",
      description = "Data folder (default: ${DEFAULT-VALUE}).",
      defaultValue = "./aevum-data")
  private Path data = Path.of("./aevum-data");

  @Option(names = "--in-memory", description = "Keep everything in memory; it is gone at the end.")
  private boolean inMemory;

  @Option(
      names = "--workers",
      description = "Threads that run views (default: the number of cores).",
      defaultValue = "0")
  private int workers;

  @Option(
      names = "--memory",
      description =
          "Bound of the engine's memory, such as 4GB (default: a quarter of the machine's).")
  private @Nullable String memory;

  boolean inMemory() {
    return inMemory;
  }

  Path data() {
    return data.toAbsolutePath().normalize();
  }

  DatabaseConfig config(picocli.CommandLine command) {
    int count = workers > 0 ? workers : Math.max(1, Runtime.getRuntime().availableProcessors());
    return new DatabaseConfig(
        inMemory ? null : data(),
        count,
        memory == null ? defaultMemory() : bytes(memory, command),
        InstantSource.system(),
        System::nanoTime,
        new java.security.SecureRandom().nextLong());
  }

  /// The same, in memory.
  DatabaseConfig transientConfig(picocli.CommandLine command) {
    DatabaseConfig config = config(command);
    return new DatabaseConfig(
        null,
        config.workers(),
        config.memoryBytes(),
        config.clock(),
        config.nanoClock(),
        config.seed());
  }

  private static long defaultMemory() {
    var os = java.lang.management.ManagementFactory.getOperatingSystemMXBean();
    long total =
        os instanceof com.sun.management.OperatingSystemMXBean sun
            ? sun.getTotalMemorySize()
            : 4L << 30;
    return Math.max(512L << 20, total / 4);
  }

  private static long bytes(String text, picocli.CommandLine command) {
    String upper = text.strip().toUpperCase(Locale.ROOT).replace("IB", "B");
    long factor = 1;
    String digits = upper;
    for (String unit : new String[] {"TB", "GB", "MB", "KB", "T", "G", "M", "K", "B"}) {
      if (upper.endsWith(unit)) {
        digits = upper.substring(0, upper.length() - unit.length()).strip();
        factor =
            switch (unit.charAt(0)) {
              case 'T' -> 1L << 40;
              case 'G' -> 1L << 30;
              case 'M' -> 1L << 20;
              case 'K' -> 1L << 10;
              default -> 1;
            };
        break;
      }
    }
    try {
      long bytes = Math.multiplyExact(Long.parseLong(digits), factor);
      if (bytes < 64L << 20) {
        throw new ParameterException(command, "--memory must be at least 64MB");
      }
      return bytes;
    } catch (NumberFormatException | ArithmeticException e) {
      throw new ParameterException(
          command, "--memory takes a size such as 4GB, not \"" + text + "\"");
    }
  }
}
