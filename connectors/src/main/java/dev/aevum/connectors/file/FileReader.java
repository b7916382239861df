package dev.aevum.connectors.file;

import dev.aevum.connectors.format.CsvDecoder;
import dev.aevum.connectors.format.RowAppender;
import dev.aevum.connectors.format.RowDecoder;
import dev.aevum.connectors.format.RowFormat;
import dev.aevum.connectors.reader.ChunkBuilder;
import dev.aevum.connectors.reader.QueueingReader;
import dev.aevum.connectors.spi.SourceSpec;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.Field;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Position;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads the rows of files, in the order of their names. Without `follow` each file is read once to
/// its end, and a last line without line end is a row. With `follow` new lines and new files are
/// read as they come: an incomplete last line waits; a file that was replaced (another inode under
/// its name) is finished and the new one read from its start; a renamed file keeps its place; one
/// that was cut short is read again from its start, which is reported among the bad rows (01000).
///
/// Each file is a partition: the watermark is that of the file that is furthest behind, of those
/// that are not read to their end. Memory: one buffer a file being read, of the longest record.
final class FileReader extends QueueingReader {
  /// What CREATE decided.
  record Settings(FileSet files, RowFormat format, boolean follow, long pollMillis) {}

  /// An open file: its rest after `offset` is unread. It stays readable when its name is taken by
  /// another file.
  private static final class Tail {
    Path path;
    final String identity;
    final int stream;
    final FileChannel channel;
    long offset;
    int @Nullable [] header;

    Tail(Path path, String identity, int stream, FileChannel channel, long offset) {
      this.path = path;
      this.identity = identity;
      this.stream = stream;
      this.channel = channel;
      this.offset = offset;
    }
  }

  private final SourceSpec spec;
  private final Settings settings;
  private final List<Field> declared;
  private final FilePositions handedOver;
  private final Map<Path, FilePositions.Entry> startAt;
  private final @Nullable Map<Path, FilePositions.Entry> until;
  private final Map<Path, Tail> tails = new TreeMap<>();
  private final Set<Path> done = new HashSet<>();

  /// Paths and identities by stream number: written by the fetch thread before any chunk of it.
  private final List<Tail> streams = java.util.Collections.synchronizedList(new ArrayList<>());

  private final RowAppender rows;
  private final RowDecoder decoder;
  private final ChunkBuilder chunks;

  /// A reader whose fetch thread runs.
  static FileReader open(
      SourceSpec spec,
      Settings settings,
      int declaredCount,
      @Nullable Position from,
      @Nullable Position until) {
    FileReader reader = new FileReader(spec, settings, declaredCount, from, until);
    reader.start();
    return reader;
  }

  private FileReader(
      SourceSpec spec,
      Settings settings,
      int declaredCount,
      @Nullable Position from,
      @Nullable Position until) {
    super(spec.name(), spec.allocator());
    this.spec = spec;
    this.settings = settings;
    this.declared = spec.schema().fields().subList(0, declaredCount);
    this.handedOver = new FilePositions(from);
    this.startAt = new HashMap<>(handedOver.entries());
    this.until = until == null ? null : new FilePositions(until).entries();
    this.rows = new RowAppender(spec, declaredCount);
    this.decoder = settings.format().decoder(rows, declared);
    this.chunks = new ChunkBuilder(rows);
  }

  @Override
  protected void run() throws Exception {
    try {
      while (!pass() && idle(settings.pollMillis())) {
        // Each pass reads what there is.
      }
    } finally {
      for (Tail tail : tails.values()) {
        tail.channel.close();
      }
    }
  }

  /// Reads what there is. True: nothing more will come.
  private boolean pass() throws InterruptedException {
    boolean any;
    do {
      any = false;
      try {
        Set<Path> listed = discover();
        for (Tail tail : List.copyOf(tails.values())) {
          any |= read(tail, !settings.follow());
          if (isClosed()) {
            return true;
          }
          if (!settings.follow() || !listed.contains(tail.path)) {
            finish(tail);
          }
        }
        retrying(null);
      } catch (IOException e) {
        retrying(FileSet.translate(e, settings.files().pattern(), "reading").text());
        return false;
      }
    } while (any && settings.follow() && until == null);
    putPresent();
    caughtUp(true);
    return !settings.follow() || until != null;
  }

  /// Finds new, renamed and replaced files.
  private Set<Path> discover() throws IOException, InterruptedException {
    Set<Path> listed = new TreeSet<>(settings.files().list());
    for (Path path : listed) {
      if ((until != null && !until.containsKey(path)) || done.contains(path)) {
        continue;
      }
      String identity = identity(path);
      Tail known = tails.get(path);
      if (known == null) {
        adopt(path, identity, listed);
      } else if (!known.identity.equals(identity)) {
        finish(known);
        open(path, identity, 0);
      }
    }
    return listed;
  }

  private void adopt(Path path, String identity, Set<Path> listed) throws IOException {
    for (Tail tail : tails.values()) {
      if (!identity.isEmpty() && tail.identity.equals(identity) && !listed.contains(tail.path)) {
        tails.remove(tail.path);
        tail.path = path;
        tails.put(path, tail);
        return;
      }
    }
    open(path, identity, startOf(path, identity));
  }

  /// Where reading of a file begins after a restart. With `follow` the identity decides, not the
  /// name: the file may have been renamed or replaced meanwhile.
  private long startOf(Path path, String identity) {
    FilePositions.Entry entry = startAt.get(path);
    boolean anonymous = identity.isEmpty() || (entry != null && entry.identity().equals("-"));
    if (!settings.follow() || anonymous) {
      return entry == null ? 0 : entry.offset();
    }
    if (entry != null && entry.identity().equals(identity)) {
      return entry.offset();
    }
    for (Map.Entry<Path, FilePositions.Entry> other : startAt.entrySet()) {
      if (other.getValue().identity().equals(identity) && !Files.exists(other.getKey())) {
        return other.getValue().offset();
      }
    }
    return renamedAndReplaced(identity);
  }

  /// The offset under a name that another file has by now, else 0.
  private long renamedAndReplaced(String identity) {
    for (Map.Entry<Path, FilePositions.Entry> other : startAt.entrySet()) {
      Tail now = tails.get(other.getKey());
      if (other.getValue().identity().equals(identity)
          && now != null
          && !now.identity.equals(identity)) {
        return other.getValue().offset();
      }
    }
    return 0;
  }

  /// Opens a file under the identity seen before; another one in between is found next time.
  private void open(Path path, String identity, long offset) throws IOException {
    FileChannel channel = FileChannel.open(path, Set.of(StandardOpenOption.READ));
    if (!identity(path).equals(identity)) {
      channel.close();
      return;
    }
    Tail tail = new Tail(path, identity, streams.size(), channel, offset);
    streams.add(tail);
    tails.put(path, tail);
  }

  private static String identity(Path path) throws IOException {
    Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    return key == null ? "" : key.toString().replace(' ', '_');
  }

  /// Reads the rest of a file that will not be looked at again.
  private void finish(Tail tail) throws IOException, InterruptedException {
    read(tail, true);
    put(chunks.build(tail.stream, tail.stream, tail.offset, true));
    tails.remove(tail.path);
    tail.channel.close();
    if (!settings.follow()) {
      done.add(tail.path);
    }
  }

  /// Reads what is there of a file; `complete`: with a last line that has no end. False: nothing.
  private boolean read(Tail tail, boolean complete) throws IOException, InterruptedException {
    FilePositions.Entry end = until == null ? null : until.get(tail.path);
    long limit = end == null ? Long.MAX_VALUE : end.offset();
    if (tail.offset >= limit) {
      return false;
    }
    FileChannel channel = tail.channel;
    if (channel.size() < tail.offset) {
      truncated(tail, channel.size());
    }
    if (channel.size() == tail.offset) {
      return false;
    }
    int quote = settings.format().json() ? -1 : settings.format().dialect().quote();
    if (!readHeader(tail, channel, quote)) {
      return false;
    }
    LineBuffer lines = new LineBuffer(channel, tail.offset, limit, quote);
    return readRows(tail, lines, complete || end != null);
  }

  private boolean readRows(Tail tail, LineBuffer lines, boolean complete)
      throws IOException, InterruptedException {
    long before = tail.offset;
    try {
      LineBuffer.Found found = lines.next(complete);
      while (found != LineBuffer.Found.NOTHING) {
        decode(tail, lines, found);
        tail.offset = lines.endOffset();
        if (chunks.isFull() && !put(chunks.build(tail.stream, tail.stream, tail.offset))) {
          return true;
        }
        found = lines.next(complete);
      }
    } finally {
      if (!chunks.isEmpty()) {
        put(chunks.build(tail.stream, tail.stream, tail.offset));
      }
    }
    return tail.offset > before;
  }

  private void decode(Tail tail, LineBuffer lines, LineBuffer.Found found) {
    int start = lines.start();
    int length = lines.length();
    if (lines.startOffset() == 0 && hasByteOrderMark(lines.bytes(), start, length)) {
      start += 3;
      length -= 3;
    }
    if (found == LineBuffer.Found.TOO_LONG) {
      chunks.refuse(
          tail.path.toString(),
          lines.startOffset(),
          new SqlException(
              ErrorCode.PROGRAM_LIMIT_EXCEEDED,
              "row is longer than " + LineBuffer.MAX_RECORD + " bytes"),
          lines.bytes(),
          start,
          0);
      return;
    }
    if (length == 0) {
      return;
    }
    SqlException refused = decoder.decode(lines.bytes(), start, length);
    if (refused != null) {
      chunks.refuse(
          tail.path.toString(), lines.startOffset(), refused, lines.bytes(), start, length);
      return;
    }
    ColumnWriter partition = rows.writer(rows.declared());
    if (partition != null) {
      partition.appendText(tail.path.toString());
    }
    ColumnWriter offset = rows.writer(rows.declared() + 1);
    if (offset != null) {
      offset.appendLong(lines.startOffset());
    }
    chunks.accept(lines.endOffset(), length);
  }

  private static boolean hasByteOrderMark(byte[] b, int start, int length) {
    return length >= 3
        && b[start] == (byte) 0xef
        && b[start + 1] == (byte) 0xbb
        && b[start + 2] == (byte) 0xbf;
  }

  private void truncated(Tail tail, long size) throws InterruptedException {
    chunks.refuse(
        tail.path.toString(),
        tail.offset,
        new SqlException(
            ErrorCode.WARNING,
            "file was cut from "
                + tail.offset
                + " to "
                + size
                + " bytes: it is read again from its start"),
        new byte[0],
        0,
        0);
    tail.offset = 0;
    tail.header = null;
    put(chunks.build(tail.stream, tail.stream, 0));
  }

  /// Takes the header line of separated values. False: it is not complete yet.
  private boolean readHeader(Tail tail, FileChannel channel, int quote) throws IOException {
    if (!settings.format().header()) {
      return true;
    }
    if (tail.header == null) {
      LineBuffer lines = new LineBuffer(channel, 0, Long.MAX_VALUE, quote);
      if (lines.next(!settings.follow()) != LineBuffer.Found.RECORD) {
        return false;
      }
      tail.header = columns(declared, spec.notNull(), settings, tail.path, lines);
      tail.offset = Math.max(tail.offset, lines.endOffset());
    }
    ((CsvDecoder) decoder).header(java.util.Objects.requireNonNull(tail.header));
    return true;
  }

  private static int[] columns(
      List<Field> declared,
      List<Boolean> notNull,
      Settings settings,
      Path path,
      LineBuffer header) {
    int skip = hasByteOrderMark(header.bytes(), header.start(), header.length()) ? 3 : 0;
    List<String> names =
        settings
            .format()
            .dialect()
            .fields(header.bytes(), header.start() + skip, header.length() - skip);
    return RowFormat.headerColumns(declared, notNull, names, "file \"" + path + "\"");
  }

  /// Checks the headers of the files that exist, at CREATE.
  static void checkHeaders(Settings settings, List<Field> declared, List<Boolean> notNull) {
    try {
      for (Path path : settings.files().list()) {
        try (FileChannel channel = FileChannel.open(path, Set.of(StandardOpenOption.READ))) {
          LineBuffer lines =
              new LineBuffer(channel, 0, Long.MAX_VALUE, settings.format().dialect().quote());
          if (lines.next(true) == LineBuffer.Found.RECORD) {
            columns(declared, notNull, settings, path, lines);
          }
        }
      }
    } catch (IOException e) {
      throw FileSet.translate(e, settings.files().pattern(), "reading");
    }
  }

  @Override
  protected void advanced(int stream, long end) {
    Tail tail = streams.get(stream);
    handedOver.put(tail.path, tail.identity, end);
  }

  @Override
  public int partitions() {
    return Math.max(1, streams.size());
  }

  @Override
  public Position position() {
    return handedOver.encode();
  }

  @Override
  protected void release() {
    rows.close();
  }
}
