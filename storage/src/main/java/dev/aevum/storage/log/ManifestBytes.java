package dev.aevum.storage.log;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Position;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// A manifest as bytes.
///
/// Format 2, little endian: version (u8, 2), clock (i64), catalogue version (i64), then three lists
/// (a varint count and entries in ascending order of key): sources (varint object, text position,
/// varint rows, varint rows that could not be read; in format 1, which is still read, without the
/// counts), watermarks (varint object, i64), sequences (text name, i64). A text is a varint length
/// and UTF-8. No bytes at all are the empty manifest.
public final class ManifestBytes {
  private static final int VERSION = 2;
  private static final int WITHOUT_COUNTS = 1;

  private ManifestBytes() {}

  public static byte[] write(StepFrame.Manifest manifest) {
    ByteSink out = new ByteSink();
    write(manifest, out);
    return out.toBytes();
  }

  static void write(StepFrame.Manifest manifest, ByteSink out) {
    out.appendByte(VERSION);
    out.appendLong(manifest.clockMicros());
    out.appendLong(manifest.catalogVersion());
    out.appendVarint(manifest.sources().size());
    for (Map.Entry<Integer, Position> e : new TreeMap<>(manifest.sources()).entrySet()) {
      out.appendVarint(Integer.toUnsignedLong(e.getKey()));
      text(e.getValue().encoded(), out);
      out.appendVarint(e.getValue().rows());
      out.appendVarint(e.getValue().badRows());
    }
    out.appendVarint(manifest.watermarks().size());
    for (Map.Entry<Integer, Long> e : new TreeMap<>(manifest.watermarks()).entrySet()) {
      out.appendVarint(Integer.toUnsignedLong(e.getKey()));
      out.appendLong(e.getValue());
    }
    out.appendVarint(manifest.sequences().size());
    for (Map.Entry<String, Long> e : new TreeMap<>(manifest.sequences()).entrySet()) {
      text(e.getKey(), out);
      out.appendLong(e.getValue());
    }
  }

  private static void text(String text, ByteSink out) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.appendVarint(bytes.length);
    out.appendBytes(bytes);
  }

  /// Errors: XX001 for other bytes or versions.
  public static StepFrame.Manifest read(byte[] bytes) {
    if (bytes.length == 0) {
      return new StepFrame.Manifest(Map.of(), Map.of(), Map.of(), 0, 0);
    }
    try {
      return read(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    } catch (BufferUnderflowException e) {
      throw new SqlException(ErrorCode.DATA_CORRUPTED, "manifest ends early", null, null, null, e);
    }
  }

  static StepFrame.Manifest read(ByteBuffer in) {
    int version = in.get();
    if (version != VERSION && version != WITHOUT_COUNTS) {
      throw new SqlException(ErrorCode.DATA_CORRUPTED, "manifest of format " + version);
    }
    long clock = in.getLong();
    long catalog = in.getLong();
    Map<Integer, Position> sources = new HashMap<>();
    for (long n = FrameReader.varint(in); n > 0; n--) {
      sources.put((int) FrameReader.varint(in), position(in, version));
    }
    Map<Integer, Long> watermarks = new HashMap<>();
    for (long n = FrameReader.varint(in); n > 0; n--) {
      watermarks.put((int) FrameReader.varint(in), in.getLong());
    }
    Map<String, Long> sequences = new HashMap<>();
    for (long n = FrameReader.varint(in); n > 0; n--) {
      sequences.put(text(in), in.getLong());
    }
    return new StepFrame.Manifest(sources, watermarks, sequences, clock, catalog);
  }

  private static Position position(ByteBuffer in, int version) {
    String encoded = text(in);
    return version == WITHOUT_COUNTS
        ? new Position(encoded)
        : new Position(encoded, FrameReader.varint(in), FrameReader.varint(in));
  }

  private static String text(ByteBuffer in) {
    return new String(FrameReader.bytes(in), StandardCharsets.UTF_8);
  }
}
