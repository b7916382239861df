package dev.aevum.connectors.file;

import dev.aevum.connectors.format.CsvEncoder;
import dev.aevum.connectors.format.JsonEncoder;
import dev.aevum.connectors.format.RowEncoder;
import dev.aevum.connectors.format.RowFormat;
import dev.aevum.connectors.option.ConnectorErrors;
import dev.aevum.connectors.spi.SinkSpec;
import dev.aevum.connectors.spi.SinkWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Appends the changes of steps to one file, exactly once through crashes:
///
/// 1. the step's rows are written at the end of the file and synced
/// 2. the mark, a small file `PATH.aevum` with sink, step and length, is written aside, synced and
///    renamed over the old one
///
/// A step counts when its mark is there. On opening, whatever stands after the marked length (a
/// step that was cut off) is removed. One thread; it blocks on the disk.
final class FileSink implements SinkWriter {
  /// What CREATE decided.
  record Settings(String path, RowFormat format, boolean changelog) {}

  private record Mark(int sink, long step, long length) {}

  private static final Pattern MARK =
      Pattern.compile("aevum-sink (\\d+) step (\\d+) length (\\d+)\n");
  private static final int WRITE_AT = 1 << 20;

  private final Settings settings;
  private final int sinkId;
  private final RowEncoder encoder;
  private final FileChannel channel;
  private final ByteSink buffer = new ByteSink(1 << 16);
  private long step;
  private long length;

  FileSink(SinkSpec spec, Settings settings) {
    this.settings = settings;
    this.sinkId = spec.objectId();
    this.encoder =
        settings.format().json()
            ? new JsonEncoder(spec.schema().fields())
            : new CsvEncoder(spec.schema().fields(), settings.format().dialect());
    try {
      Path path = Path.of(settings.path());
      boolean fresh = !Files.exists(markPath());
      Mark mark = fresh ? new Mark(sinkId, 0, 0) : readMark();
      checkMine(mark);
      channel = FileChannel.open(path, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE));
      try {
        recover(mark);
      } catch (IOException | SqlException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw FileSet.translate(e, settings.path(), "writing");
    }
  }

  /// Errors: 42710 for a file that is not this sink's, 58030 or 42501 where it cannot be written,
  /// 0A000 for rows that are taken back without `changelog`.
  static void validate(SinkSpec spec, Settings settings) {
    if (!spec.appendOnly() && !settings.changelog()) {
      throw ConnectorErrors.unsupported(
          "rows of sink \"" + spec.name() + "\" can change or be deleted, a file only grows",
          "Add changelog = true to write each change with a field op, or write from an append-only"
              + " view (EMIT ON WINDOW CLOSE).");
    }
    if (settings.changelog() && spec.schema().indexOf("op") >= 0) {
      throw ConnectorErrors.error(
          ErrorCode.DUPLICATE_COLUMN,
          "column \"op\" of sink \"" + spec.name() + "\" is also the field of the changelog",
          "Rename the column in the sink's query.");
    }
    Path path = Path.of(settings.path());
    try {
      if (Files.isDirectory(path)) {
        throw ConnectorErrors.error(
            ErrorCode.IO_ERROR,
            "could not open file \"" + path + "\" for writing: Is a directory",
            "Name a file.");
      }
      if (Files.exists(path) && Files.size(path) > 0) {
        throw ConnectorErrors.error(
            ErrorCode.DUPLICATE_OBJECT,
            "file \"" + path + "\" exists",
            "A sink starts with a file of its own: choose another path, or remove the file and \""
                + path
                + ".aevum\".");
      }
      Files.deleteIfExists(Path.of(settings.path() + ".aevum"));
      Files.write(path, new byte[0]);
    } catch (IOException e) {
      throw FileSet.translate(e, settings.path(), "writing");
    }
  }

  private Path markPath() {
    return Path.of(settings.path() + ".aevum");
  }

  private Mark readMark() throws IOException {
    Matcher matcher = MARK.matcher(Files.readString(markPath()));
    if (!matcher.matches()) {
      throw ConnectorErrors.error(
          ErrorCode.DATA_CORRUPTED,
          "file \"" + markPath() + "\" is not the mark of a sink",
          "Remove it and the sink's file to start again.");
    }
    return new Mark(
        Integer.parseInt(matcher.group(1)),
        Long.parseLong(matcher.group(2)),
        Long.parseLong(matcher.group(3)));
  }

  private void checkMine(Mark mark) {
    if (mark.sink() != sinkId) {
      throw ConnectorErrors.error(
          ErrorCode.OBJECT_IN_USE,
          "file \"" + settings.path() + "\" belongs to another sink",
          "Choose another path.");
    }
  }

  private void recover(Mark mark) throws IOException {
    if (channel.size() < mark.length()) {
      throw ConnectorErrors.error(
          ErrorCode.DATA_CORRUPTED,
          "file \""
              + settings.path()
              + "\" has "
              + channel.size()
              + " bytes, but "
              + mark.length()
              + " were written",
          "It was changed by another program: restore it, or drop the sink and create it again.");
    }
    channel.truncate(mark.length());
    channel.position(mark.length());
    step = mark.step();
    length = mark.length();
    if (length == 0 && encoder instanceof CsvEncoder csv && settings.format().header()) {
      csv.header(settings.changelog(), buffer);
      buffer.appendByte('\n');
      flush();
    }
  }

  @Override
  public long committedStep() {
    return step;
  }

  @Override
  public void write(long newStep, List<DeltaBatch> changes) {
    try {
      for (DeltaBatch batch : changes) {
        for (int row = 0; row < batch.rows(); row++) {
          append(batch, row);
        }
      }
      flush();
      channel.force(false);
      mark(new Mark(sinkId, newStep, length));
      step = newStep;
    } catch (IOException e) {
      throw FileSet.translate(e, settings.path(), "writing");
    }
  }

  private void append(DeltaBatch batch, int row) throws IOException {
    long weight = batch.weightAt(row);
    if (weight < 0 && !settings.changelog()) {
      throw new IllegalStateException("a retraction reached the append-only sink " + sinkId);
    }
    for (long i = Math.abs(weight); i > 0; i--) {
      if (settings.changelog()) {
        encoder.encodeChange(batch, row, weight > 0, buffer);
      } else {
        encoder.encode(batch, row, buffer);
      }
      buffer.appendByte('\n');
      if (buffer.position() >= WRITE_AT) {
        flush();
      }
    }
  }

  private void flush() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(buffer.array(), 0, buffer.position());
    while (bytes.hasRemaining()) {
      length += channel.write(bytes, length);
    }
    buffer.reset();
  }

  private void mark(Mark mark) throws IOException {
    Path aside = Path.of(settings.path() + ".aevum.tmp");
    String text =
        "aevum-sink " + mark.sink() + " step " + mark.step() + " length " + mark.length() + "\n";
    try (FileChannel out =
        FileChannel.open(
            aside,
            Set.of(
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING))) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(
        aside, markPath(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncFolder();
  }

  /// The rename itself must survive.
  private void syncFolder() throws IOException {
    Path folder = Path.of(settings.path()).toAbsolutePath().getParent();
    if (folder != null) {
      try (FileChannel directory = FileChannel.open(folder, Set.of(StandardOpenOption.READ))) {
        directory.force(true);
      }
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw FileSet.translate(e, settings.path(), "writing");
    }
  }
}
