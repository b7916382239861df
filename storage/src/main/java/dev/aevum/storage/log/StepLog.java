package dev.aevum.storage.log;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.storage.file.FileSystem;
import dev.aevum.storage.file.StorageErrors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The durable sequence of step frames: segment files `<first step>.log` in a folder.
///
/// **Writing.** [#append] queues a frame (at most [#DEPTH] wait; then it blocks, which is the
/// engine's back pressure). One thread writes what is queued, syncs once, and then runs the frames'
/// callbacks in order. A failure of writing or syncing goes to `fatal`, after which nothing more is
/// written: the process has to stop, since nothing about the file is certain.
///
/// **Recovery.** Opening reads all segments: a torn tail of the last is cut off, other damage is
/// refused (XX001).
///
/// **Space.** A segment is deleted once its frames are both flushed in RocksDB ([#flushed]) and
/// behind every hold. Holds ([#hold]) keep frames for sinks, up to `maxHeldBytes` of log: past it
/// the holds on the oldest segment are lost, which `lost` is told.
public final class StepLog implements AutoCloseable {
  public static final int DEPTH = 4;

  /// "AEVUMLOG".
  private static final long MAGIC = 0x474f4c4d55564541L;

  private static final int VERSION = 1;

  /// @param segmentBytes a segment is closed once it is this large
  /// @param maxHeldBytes of log that holds may keep
  public record Options(long segmentBytes, long maxHeldBytes) {
    public static final Options DEFAULT = new Options(64L << 20, 8L << 30);
  }

  private record Segment(Path path, long firstStep, long lastStep, long size) {}

  private record Pending(@Nullable StepFrame frame, Runnable durable) {}

  private final FileSystem files;
  private final Path folder;
  private final Options options;
  private final Consumer<Throwable> fatal;
  private final IntConsumer lost;
  private final BlockingQueue<Pending> queue = new ArrayBlockingQueue<>(DEPTH);
  private final FrameWriter writer = new FrameWriter();
  private final Thread thread;

  private final List<Segment> segments = new ArrayList<>();
  private final Map<Integer, Long> holds = new TreeMap<>();
  private @Nullable RecordFile open;
  private long flushedStep = -1;
  private volatile long lastStep = -1;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  /// @param fatal told once, by the writing thread, when the log can't be trusted any more
  /// @param lost told the id of a hold whose frames had to go
  public StepLog(
      FileSystem files, Path folder, Options options, Consumer<Throwable> fatal, IntConsumer lost) {
    this.files = files;
    this.folder = folder;
    this.options = options;
    this.fatal = fatal;
    this.lost = lost;
    try {
      recover();
    } catch (IOException e) {
      throw StorageErrors.io("read the step log in \"" + folder + "\"", e);
    }
    this.thread = Thread.ofPlatform().name("aevum-step-log").daemon(true).start(this::run);
  }

  private void recover() throws IOException {
    List<String> names = files.list(folder).stream().filter(n -> n.endsWith(".log")).toList();
    for (int i = 0; i < names.size(); i++) {
      recover(folder.resolve(names.get(i)), i == names.size() - 1);
    }
  }

  private void recover(Path path, boolean last) throws IOException {
    long[] range = {-1, -1};
    long size =
        RecordFile.recover(
            files,
            path,
            MAGIC,
            VERSION,
            last,
            (bytes, offset, length) -> {
              long step = FrameReader.step(bytes, offset);
              long previous = FrameReader.previousStep(bytes, offset);
              boolean first = lastStep == -1 && range[0] == -1;
              if ((!first && previous != lastStep) || step <= lastStep) {
                throw StorageErrors.corrupt(
                    path, "step " + step + " (after " + previous + ") follows " + lastStep);
              }
              range[0] = range[0] == -1 ? step : range[0];
              range[1] = step;
              lastStep = step;
            });
    if (range[0] == -1) {
      if (!last) {
        throw StorageErrors.corrupt(path, "it has no frame");
      }
      files.delete(path);
      files.syncDirectory(folder);
      return;
    }
    if (size < files.size(path)) {
      files.truncate(path, size);
    }
    segments.add(new Segment(path, range[0], range[1], size));
    if (last) {
      open = RecordFile.open(files, path, size);
    }
  }

  /// The last durable step, -1 when there is none.
  public long lastStep() {
    return lastStep;
  }

  /// The first step whose frame is here; one more than [#lastStep] when there is none.
  public synchronized long firstStep() {
    return segments.isEmpty() ? lastStep + 1 : segments.getFirst().firstStep();
  }

  public synchronized long sizeBytes() {
    return segments.stream().mapToLong(Segment::size).sum();
  }

  /// Checks that the log fits a store that has all steps up to `step`.
  ///
  /// Errors: XX001 when the log ends before it, or begins after it.
  public void checkFollows(long step) {
    if (step > Math.max(0, lastStep)) {
      throw StorageErrors.corrupt(
          folder, "the state store is at step " + step + ", the step log ends at " + lastStep);
    }
    if (step + 1 < firstStep()) {
      throw StorageErrors.corrupt(
          folder, "the state store is at step " + step + ", the step log begins at " + firstStep());
    }
  }

  /// Queues the next frame; `durable` runs on the log's thread once it is on the device.
  ///
  /// Errors: 58030 after a failure of the log.
  public void append(StepFrame frame, Runnable durable) {
    enqueue(new Pending(frame, durable));
  }

  private void enqueue(Pending pending) {
    try {
      while (true) {
        Throwable failed = failure;
        if (failed != null || closed) {
          throw new SqlException(
              ErrorCode.IO_ERROR, "the step log is closed", null, null, null, failed);
        }
        if (queue.offer(pending, 100, java.util.concurrent.TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a step was to be committed", e);
    }
  }

  private void run() {
    List<Pending> group = new ArrayList<>();
    try {
      boolean more = true;
      while (more) {
        group.clear();
        group.add(queue.take());
        queue.drainTo(group);
        more = commit(group);
      }
    } catch (InterruptedException e) {
      fail(e);
    } catch (IOException e) {
      fail(StorageErrors.io("write the step log in \"" + folder + "\"", e));
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  private void fail(Throwable cause) {
    failure = cause;
    fatal.accept(cause);
  }

  /// False when the group holds the mark of the end.
  private boolean commit(List<Pending> group) throws IOException {
    boolean end = false;
    long step = lastStep;
    for (Pending pending : group) {
      StepFrame frame = pending.frame();
      if (frame == null) {
        end = true;
      } else {
        if (frame.step() <= step) {
          throw new IllegalStateException("step " + frame.step() + " after step " + step);
        }
        write(frame, step);
        step = frame.step();
      }
    }
    if (step != lastStep && open != null) {
      open.sync();
      lastStep = step;
    }
    group.forEach(pending -> pending.durable().run());
    return !end;
  }

  private void write(StepFrame frame, long previous) throws IOException {
    byte[] bytes = writer.write(frame, previous);
    RecordFile file = open;
    if (file == null || file.size() >= options.segmentBytes()) {
      file = roll(frame.step());
    }
    file.append(bytes);
    synchronized (this) {
      Segment s = segments.getLast();
      segments.set(
          segments.size() - 1, new Segment(s.path(), s.firstStep(), frame.step(), file.size()));
    }
  }

  /// The segment before is synced as a whole first: a later segment vouches for it.
  private RecordFile roll(long firstStep) throws IOException {
    if (open != null) {
      open.sync();
      open.close();
    }
    Path path = folder.resolve("%020d.log".formatted(firstStep));
    RecordFile file = RecordFile.create(files, path, MAGIC, VERSION);
    open = file;
    synchronized (this) {
      segments.add(new Segment(path, firstStep, firstStep, RecordFile.HEADER));
    }
    deleteOld();
    return file;
  }

  /// All state and contents up to `step` are on the device elsewhere.
  public void flushed(long step) {
    synchronized (this) {
      flushedStep = Math.max(flushedStep, step);
    }
    try {
      deleteOld();
    } catch (IOException e) {
      throw StorageErrors.io("delete segments of the step log in \"" + folder + "\"", e);
    }
  }

  /// Keeps frames after `step` for the holder `id`, replacing its hold; bounded.
  public synchronized void hold(int id, long step) {
    holds.put(id, step);
  }

  public synchronized void release(int id) {
    holds.remove(id);
  }

  /// Deletes segments in order of age, always keeping one with a durable frame: a new segment whose
  /// frames are not synced yet does not vouch for the steps before it.
  private void deleteOld() throws IOException {
    List<Integer> lostHolds = new ArrayList<>();
    synchronized (this) {
      boolean any = false;
      while (segments.size() > 1
          && segments.getFirst().lastStep() <= flushedStep
          && segments.get(1).firstStep() <= lastStep) {
        Segment oldest = segments.getFirst();
        if (isHeld(oldest.lastStep())) {
          if (sizeBytes() <= options.maxHeldBytes()) {
            break;
          }
          holds.forEach((id, step) -> {
            if (step < oldest.lastStep()) {
              lostHolds.add(id);
            }
          });
          lostHolds.forEach(holds::remove);
        }
        files.delete(oldest.path());
        segments.removeFirst();
        any = true;
      }
      if (any) {
        files.syncDirectory(folder);
      }
    }
    lostHolds.forEach(lost::accept);
  }

  private boolean isHeld(long step) {
    return holds.values().stream().anyMatch(held -> held < step);
  }

  /// Hands the durable frames of steps in (`after`, `upTo`] to `frames`, in order.
  ///
  /// Errors: 55000 when frames after `after` are gone.
  public void read(long after, long upTo, Consumer<StepFrame> frames) {
    List<Segment> list;
    long durable = Math.min(upTo, lastStep);
    synchronized (this) {
      list = List.copyOf(segments);
      if (after < durable && after + 1 < firstStep()) {
        throw new SqlException(
            ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
            "changes after step " + after + " are no longer kept, the first is " + firstStep());
      }
    }
    try {
      for (Segment segment : list) {
        if (segment.lastStep() > after && segment.firstStep() <= durable) {
          RecordFile.scan(
              files,
              segment.path(),
              RecordFile.HEADER,
              segment.size(),
              (bytes, offset, length) -> {
                long step = FrameReader.step(bytes, offset);
                if (step > after && step <= durable) {
                  frames.accept(FrameReader.read(bytes, offset, length));
                }
              });
        }
      }
    } catch (IOException e) {
      throw StorageErrors.io("read the step log in \"" + folder + "\"", e);
    }
  }

  /// Writes what is queued, then stops.
  @Override
  public void close() {
    if (!closed && failure == null) {
      enqueue(new Pending(null, () -> {}));
    }
    closed = true;
    try {
      if (failure != null) {
        thread.interrupt();
      }
      thread.join();
      if (open != null) {
        open.close();
        open = null;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw StorageErrors.io("close the step log in \"" + folder + "\"", e);
    }
  }
}
