package dev.aevum.cli.slt;

import java.nio.file.Path;
import java.util.List;

/// A file run in a database of its own.
final class SltFile {
  private SltFile() {}

  /// Runs a file in a fresh database in this process; one with a data folder where the mode or the
  /// file restarts it.
  static List<SltResult> runEmbedded(Path file, SltMode mode) {
    List<SltRecord> records = SltParser.parse(file);
    boolean durable =
        mode == SltMode.RESTARTS || records.stream().anyMatch(r -> r instanceof SltRecord.Restart);
    try (SltTarget target = new EmbeddedTarget(mode, durable)) {
      return new SltRunner(target, mode).run(records);
    }
  }

  static List<SltResult> runOn(SltTarget target, Path file) {
    return new SltRunner(target, SltMode.STRAIGHT).run(SltParser.parse(file));
  }
}
