package dev.aevum.testing.fault;

import dev.aevum.storage.file.FileSystem;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A file system in memory with the promises of [FileSystem] and no others. Operations that change
/// something are counted; [#crashAt] makes the n-th of them the last. [#restart] gives what a disk
/// would hold after it: synced bytes, and of the rest what a [Tear] leaves.
///
/// Names become durable in the order of the operations of their directory. Thread-safe.
public final class FaultyFileSystem implements FileSystem {
  /// What survives of bytes and names that were not synced.
  public enum Tear {
    /// Nothing.
    NONE,
    /// Everything, as when only the process was killed.
    ALL,
    /// Per file a random prefix.
    PREFIX,
    /// Per file a random prefix with some of its bytes zero: pages reach a disk in any order.
    HOLES
  }

  private static final class Node {
    byte[] bytes = new byte[0];
    int synced;

    void append(byte[] more, int offset, int length) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(bytes, 0, bytes.length);
      out.write(more, offset, length);
      bytes = out.toByteArray();
    }
  }

  /// A change of names that is not yet durable; a null `node` is a delete.
  private record NameChange(Path directory, Path name, @Nullable Node node) {}

  private final NavigableMap<Path, Node> live = new TreeMap<>();
  private final NavigableMap<Path, Node> durable = new TreeMap<>();
  private final List<NameChange> changes = new ArrayList<>();
  private final Set<Path> directories = new HashSet<>();
  private final Set<Path> locks = new HashSet<>();
  private long operations;
  private long crashAt = Long.MAX_VALUE;
  private long failSyncAt = Long.MAX_VALUE;
  private long syncs;

  /// The `operation`-th changing operation, counted from 1, is not done (an append: in part) and
  /// throws, and so does everything after it.
  public synchronized void crashAt(long operation) {
    crashAt = operation;
  }

  /// The `sync`-th sync of a file, counted from 1, fails.
  public synchronized void failSyncAt(long sync) {
    failSyncAt = sync;
  }

  public synchronized long operations() {
    return operations;
  }

  public synchronized boolean crashed() {
    return operations >= crashAt;
  }

  private void count() {
    if (crashed()) {
      throw new CrashException(crashAt);
    }
    operations++;
    if (crashed()) {
      throw new CrashException(crashAt);
    }
  }

  /// The disk after a crash (or a kill at this moment), as a new file system.
  public synchronized FaultyFileSystem restart(Tear tear, Random random) {
    FaultyFileSystem next = new FaultyFileSystem();
    next.directories.addAll(directories);
    NavigableMap<Path, Node> names = new TreeMap<>(durable);
    int kept =
        switch (tear) {
          case NONE -> 0;
          case ALL -> changes.size();
          case PREFIX, HOLES -> random.nextInt(changes.size() + 1);
        };
    changes.subList(0, kept).forEach(change -> apply(names, change));
    names.forEach((path, node) -> next.put(path, survivor(node, tear, random)));
    return next;
  }

  private void put(Path path, byte[] bytes) {
    Node node = new Node();
    node.bytes = bytes;
    node.synced = bytes.length;
    live.put(path, node);
    durable.put(path, node);
  }

  private static byte[] survivor(Node node, Tear tear, Random random) {
    int loose = node.bytes.length - node.synced;
    int kept =
        switch (tear) {
          case NONE -> 0;
          case ALL -> loose;
          case PREFIX, HOLES -> random.nextInt(loose + 1);
        };
    byte[] bytes = Arrays.copyOf(node.bytes, node.synced + kept);
    if (tear == Tear.HOLES && kept > 0) {
      int from = node.synced + random.nextInt(kept);
      Arrays.fill(bytes, from, from + 1 + random.nextInt(bytes.length - from), (byte) 0);
    }
    return bytes;
  }

  private static void apply(NavigableMap<Path, Node> names, NameChange change) {
    if (change.node() == null) {
      names.remove(change.name());
    } else {
      names.put(change.name(), change.node());
    }
  }

  /// Flips bits of a byte of a file, as a failing disk does.
  public synchronized void damage(Path file, int at) {
    Node node = live.get(file);
    if (node == null) {
      throw new IllegalArgumentException(file.toString());
    }
    node.bytes[at] ^= 0x55;
  }

  private void change(Path name, @Nullable Node node) {
    NameChange change = new NameChange(directory(name), name, node);
    apply(live, change);
    changes.add(change);
  }

  private static Path directory(Path file) {
    Path parent = file.getParent();
    return parent == null ? Path.of("") : parent;
  }

  private Node node(Path file) throws NoSuchFileException {
    Node node = live.get(file);
    if (node == null) {
      throw new NoSuchFileException(file.toString());
    }
    return node;
  }

  private void reading() {
    if (crashed()) {
      throw new CrashException(crashAt);
    }
  }

  @Override
  public synchronized void createDirectories(Path directory) {
    if (!directories.contains(directory)) {
      count();
      for (Path at = directory; at != null; at = at.getParent()) {
        directories.add(at);
      }
    }
  }

  @Override
  public synchronized boolean exists(Path file) {
    reading();
    return live.containsKey(file) || directories.contains(file);
  }

  @Override
  public synchronized List<String> list(Path directory) throws IOException {
    reading();
    if (!directories.contains(directory)) {
      throw new NoSuchFileException(directory.toString());
    }
    Set<String> names = new java.util.TreeSet<>();
    live.keySet().stream().filter(f -> directory(f).equals(directory)).forEach(f -> add(names, f));
    directories.stream().filter(d -> directory.equals(d.getParent())).forEach(d -> add(names, d));
    return List.copyOf(names);
  }

  private static void add(Set<String> names, Path path) {
    Path name = path.getFileName();
    if (name != null) {
      names.add(name.toString());
    }
  }

  @Override
  public synchronized long size(Path file) throws IOException {
    reading();
    return node(file).bytes.length;
  }

  @Override
  public synchronized byte[] read(Path file) throws IOException {
    reading();
    return node(file).bytes.clone();
  }

  @Override
  public synchronized byte[] read(Path file, long offset, int length) throws IOException {
    reading();
    byte[] bytes = node(file).bytes;
    if (offset + length > bytes.length) {
      throw new EOFException(file.toString());
    }
    return Arrays.copyOfRange(bytes, (int) offset, (int) offset + length);
  }

  @Override
  public synchronized AppendFile create(Path file) throws IOException {
    if (live.containsKey(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    if (!directories.contains(directory(file))) {
      throw new NoSuchFileException(file.toString());
    }
    count();
    Node node = new Node();
    change(file, node);
    return new Appender(node);
  }

  @Override
  public synchronized AppendFile open(Path file) throws IOException {
    reading();
    return new Appender(node(file));
  }

  @Override
  public synchronized void truncate(Path file, long size) throws IOException {
    Node node = node(file);
    count();
    node.bytes = Arrays.copyOf(node.bytes, (int) size);
    node.synced = node.bytes.length;
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    Node node = node(from);
    count();
    if (!directory(from).equals(directory(to))) {
      throw new IOException("rename between directories is not modelled");
    }
    change(to, node);
    change(from, null);
  }

  @Override
  public synchronized void delete(Path file) throws IOException {
    node(file);
    count();
    change(file, null);
  }

  @Override
  public synchronized void syncDirectory(Path directory) {
    count();
    changes.removeIf(change -> {
      boolean here = change.directory().equals(directory);
      if (here) {
        apply(durable, change);
      }
      return here;
    });
  }

  @Override
  public synchronized AutoCloseable lock(Path file) throws IOException {
    if (!live.containsKey(file)) {
      create(file).close();
    }
    if (!locks.add(file)) {
      throw new IOException(file + " is locked");
    }
    return () -> {
      synchronized (FaultyFileSystem.this) {
        locks.remove(file);
      }
    };
  }

  private final class Appender implements AppendFile {
    private final Node node;
    private boolean closed;

    Appender(Node node) {
      this.node = node;
    }

    @Override
    public void append(byte[] bytes, int offset, int length) throws IOException {
      synchronized (FaultyFileSystem.this) {
        check();
        if (operations + 1 == crashAt) {
          node.append(bytes, offset, length);
        }
        count();
        node.append(bytes, offset, length);
      }
    }

    @Override
    public void sync() throws IOException {
      synchronized (FaultyFileSystem.this) {
        check();
        count();
        syncs++;
        if (syncs == failSyncAt) {
          throw new IOException("sync failed on purpose");
        }
        node.synced = node.bytes.length;
      }
    }

    private void check() throws IOException {
      if (closed) {
        throw new IOException("file is closed");
      }
    }

    @Override
    public long size() {
      synchronized (FaultyFileSystem.this) {
        return node.bytes.length;
      }
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
