package dev.aevum.storage.log;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.step.Position;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/// Frames as bytes; [FrameReader] reads them.
///
/// Format 1: `version u8 (1), step i64, prevStep i64, lane i32 (0: main), length of the body i32`,
/// then the body as one LZ4 block. Body: manifest, then the state section (a `varint` length and
/// bytes as [dev.aevum.storage.state.DirtyEncoder] wrote them), then the contents section
/// (likewise, [FrameContents]). Manifest: clock i64, catalogue version i64, then three lists (a
/// varint count and entries in ascending order of key): sources (varint object, text position),
/// watermarks (varint object, i64), sequences (text name, i64). A text is a varint length and
/// UTF-8. The same frame gives the same bytes. Not thread-safe.
public final class FrameWriter {
  static final int VERSION = 1;
  static final int HEADER = 1 + 8 + 8 + 4 + 4;

  private final LZ4Compressor compressor = LZ4Factory.fastestInstance().fastCompressor();
  private final ByteSink body = new ByteSink(1 << 16);
  private final ByteSink out = new ByteSink(1 << 16);

  /// @param previousStep the step of the frame before, -1 for the first of all
  public byte[] write(StepFrame frame, long previousStep) {
    body.reset();
    manifest(frame.manifest());
    body.appendVarint(frame.state().length);
    body.appendBytes(frame.state());
    body.appendVarint(frame.contents().length);
    body.appendBytes(frame.contents());
    out.reset();
    out.appendByte(VERSION);
    out.appendLong(frame.step());
    out.appendLong(previousStep);
    out.appendInt(0);
    out.appendInt(body.position());
    int bound = compressor.maxCompressedLength(body.position());
    out.ensure(bound);
    int written = compressor.compress(body.array(), 0, body.position(), out.array(), HEADER, bound);
    out.position(HEADER + written);
    return out.toBytes();
  }

  private void manifest(StepFrame.Manifest manifest) {
    body.appendLong(manifest.clockMicros());
    body.appendLong(manifest.catalogVersion());
    body.appendVarint(manifest.sources().size());
    for (Map.Entry<Integer, Position> e : new TreeMap<>(manifest.sources()).entrySet()) {
      body.appendVarint(Integer.toUnsignedLong(e.getKey()));
      text(e.getValue().encoded());
    }
    body.appendVarint(manifest.watermarks().size());
    for (Map.Entry<Integer, Long> e : new TreeMap<>(manifest.watermarks()).entrySet()) {
      body.appendVarint(Integer.toUnsignedLong(e.getKey()));
      body.appendLong(e.getValue());
    }
    body.appendVarint(manifest.sequences().size());
    for (Map.Entry<String, Long> e : new TreeMap<>(manifest.sequences()).entrySet()) {
      text(e.getKey());
      body.appendLong(e.getValue());
    }
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    body.appendVarint(bytes.length);
    body.appendBytes(bytes);
  }
}
