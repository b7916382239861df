package dev.aevum.storage.state;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.step.ObjectId;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Changed entries as bytes: the state section of a step frame, read back by [DirtyDecoder].
/// Sections are one section when put one behind the other.
///
/// Format 1, a list of: `0 relation operator` (varints; the object of what follows), `1 shard key
/// value` (put), `2 shard key` (delete), `3 fromShard toShard from to` (range delete). A shard is a
/// varint, the others are a varint of the length and the bytes. Not thread-safe; reusable by
/// [#take].
public final class DirtyEncoder implements DirtySink {
  static final int OBJECT = 0;
  static final int PUT = 1;
  static final int DELETE = 2;
  static final int DELETE_RANGE = 3;

  /// A section is given up once it is so long: large arrays would be copied as they grow.
  private static final int SECTION_BYTES = 1 << 20;

  private final ByteSink out = new ByteSink(4096);
  private final List<byte[]> sections = new ArrayList<>();
  private @Nullable ObjectId object;

  @Override
  public void put(
      ObjectId id,
      int shard,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength) {
    head(id, PUT);
    out.appendVarint(shard);
    append(key, keyOffset, keyLength);
    append(value, valueOffset, valueLength);
  }

  @Override
  public void delete(ObjectId id, int shard, MemorySegment key, long keyOffset, int keyLength) {
    head(id, DELETE);
    out.appendVarint(shard);
    append(key, keyOffset, keyLength);
  }

  @Override
  public void deleteRange(ObjectId id, int fromShard, int toShard, byte[] from, byte[] to) {
    head(id, DELETE_RANGE);
    out.appendVarint(fromShard);
    out.appendVarint(toShard);
    out.appendVarint(from.length);
    out.appendBytes(from);
    out.appendVarint(to.length);
    out.appendBytes(to);
  }

  private void head(ObjectId id, int kind) {
    if (out.position() >= SECTION_BYTES) {
      endSection();
    }
    if (!id.equals(object)) {
      object = id;
      out.appendByte(OBJECT);
      out.appendVarint(Integer.toUnsignedLong(id.relation()));
      out.appendVarint(Integer.toUnsignedLong(id.operator()));
    }
    out.appendByte(kind);
  }

  private void append(MemorySegment bytes, long offset, int length) {
    out.appendVarint(length);
    out.appendBytes(bytes, offset, length);
  }

  private void endSection() {
    sections.add(out.toBytes());
    out.reset(SECTION_BYTES);
    object = null;
  }

  /// What there is so far, in sections; starts anew.
  public List<byte[]> take() {
    if (out.position() > 0) {
      endSection();
    }
    List<byte[]> taken = List.copyOf(sections);
    sections.clear();
    return taken;
  }
}
