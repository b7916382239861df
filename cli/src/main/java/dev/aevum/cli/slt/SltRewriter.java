package dev.aevum.cli.slt;

import dev.aevum.cli.slt.SltResult.Actual;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Writes what a target gave into the file as what it expects.
final class SltRewriter {
  private SltRewriter() {}

  static void rewrite(Path file, List<SltResult> results) {
    try {
      List<String> lines = Files.readAllLines(file);
      List<String> written = new ArrayList<>();
      int at = 0;
      for (SltResult result : results) {
        SltRecord.Where where = result.record().where();
        Actual actual = result.actual();
        if (!where.file().equals(file)
            || actual == null
            || !(result.failed() || isBareError(result.record()))) {
          continue;
        }
        written.addAll(lines.subList(at, where.line() - 1));
        List<String> record = lines.subList(where.line() - 1, where.end());
        int separator = record.indexOf(SltParser.SEPARATOR);
        written.add(actual.header() == null ? record.getFirst() : actual.header());
        written.addAll(record.subList(1, separator < 0 ? record.size() : separator));
        if (actual.block() != null) {
          written.add(SltParser.SEPARATOR);
          written.addAll(actual.block());
        }
        at = where.end();
      }
      written.addAll(lines.subList(at, lines.size()));
      Files.write(file, written);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// An error of which nothing is expected yet.
  private static boolean isBareError(SltRecord record) {
    return record instanceof SltRecord.Statement statement
        && statement.expected() instanceof SltRecord.Expected.Failure failure
        && failure.pattern() == null
        && failure.text() == null;
  }
}
