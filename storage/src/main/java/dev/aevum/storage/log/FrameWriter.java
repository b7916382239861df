package dev.aevum.storage.log;

import dev.aevum.model.codec.ByteSink;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/// Frames as bytes; [FrameReader] reads them.
///
/// Format 1: `version u8 (1), step i64, prevStep i64, lane i32 (0: main), length of the body i32`,
/// then the body as one LZ4 block. Body: [ManifestBytes], then the state section (a varint length
/// and bytes as [dev.aevum.storage.state.DirtyEncoder] wrote them), then the contents section
/// (likewise, [FrameContents]). The same frame gives the same bytes. Not thread-safe.
public final class FrameWriter {
  static final int VERSION = 1;
  private static final int MAX_VARINT = 5;
  static final int HEADER = 1 + 8 + 8 + 4 + 4;

  private final LZ4Compressor compressor = LZ4Factory.fastestInstance().fastCompressor();
  private final ByteSink body = new ByteSink(1 << 16);
  private final ByteSink out = new ByteSink(1 << 16);

  /// @param previousStep the step of the frame before, -1 for the first of all
  public byte[] write(StepFrame frame, long previousStep) {
    body.reset();
    ManifestBytes.write(frame.manifest(), body);
    // At once: growing by doubling would copy a large section once more for the few bytes behind
    // it.
    body.ensure(
        Math.addExact(
            2 * MAX_VARINT, Math.addExact(frame.state().length, frame.contents().length)));
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
}
