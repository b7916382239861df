package dev.aevum.cli.bench;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SimpleType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// Rows as sorted CSV lines: times `yyyy-MM-dd HH:mm:ss.SSS` in UTC; a cell is quoted only if empty
/// or if it holds a comma, a quote or a line end; NULL is nothing.
final class ResultFile {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final List<byte[]> lines = new ArrayList<>();

  void add(DeltaBatch batch) {
    for (int row = 0; row < batch.rows(); row++) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < batch.columnCount(); c++) {
        if (c > 0) {
          line.append(',');
        }
        Column column = batch.column(c);
        if (!column.isNull(row)) {
          line.append(quoted(cell(column, row)));
        }
      }
      byte[] bytes = line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
      for (long n = batch.weightAt(row); n > 0; n--) {
        lines.add(bytes);
      }
    }
  }

  private static String cell(Column column, int row) {
    if (column.type() == SimpleType.TIMESTAMP || column.type() == SimpleType.TIMESTAMPTZ) {
      long micros = column.longAt(row);
      return TIME.format(
          Instant.ofEpochSecond(
              Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000));
    }
    return PgText.text(column, row, TextStyle.DEFAULT);
  }

  private static String quoted(String cell) {
    boolean plain =
        !cell.isEmpty() && cell.indexOf(',') < 0 && cell.indexOf('"') < 0 && cell.indexOf('\n') < 0;
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  int rows() {
    return lines.size();
  }

  private byte[] sorted() {
    lines.sort(Arrays::compareUnsigned);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    lines.forEach(all::writeBytes);
    return all.toByteArray();
  }

  String sha256() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(sorted()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  void write(Path folder, String query) {
    try {
      Files.createDirectories(folder);
      Files.write(folder.resolve(query + ".csv"), sorted());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
