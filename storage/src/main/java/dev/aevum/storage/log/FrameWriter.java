package dev.aevum.storage.log;

import dev.aevum.model.codec.ByteSink;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/// Frames as bytes; [FrameReader] reads them.
///
/// Format 2: `version u8 (2), step i64, prevStep i64, lane i32 (0: main), length of the body i32`,
/// then the body in blocks of [#BLOCK] bytes, the last one of what is left: `length i32` and an LZ4
/// block each. Format 1, which is still read, has the body as one LZ4 block without its length.
/// Body: [ManifestBytes], then the state section (a varint length and bytes as
/// [dev.aevum.storage.state.DirtyEncoder] wrote them), then the contents section (likewise,
/// [FrameContents]). The same frame gives the same bytes. Not thread-safe.
///
/// Blocks keep a large frame from standing in memory as a whole once more.
public final class FrameWriter {
  static final int VERSION = 2;
  static final int ONE_BLOCK = 1;
  static final int HEADER = 1 + 8 + 8 + 4 + 4;
  static final int BLOCK = 1 << 20;

  /// What the buffer holds on to between frames.
  private static final int KEPT_BYTES = 1 << 20;

  private final LZ4Compressor compressor = LZ4Factory.fastestInstance().fastCompressor();
  private final ByteSink facts = new ByteSink();
  private final ByteSink out = new ByteSink(1 << 16);
  private byte[] block = new byte[1 << 12];
  private int used;

  /// @param previousStep the step of the frame before, -1 for the first of all
  public byte[] write(StepFrame frame, long previousStep) {
    int state = Math.toIntExact(frame.stateBytes());
    byte[] contents = frame.contents();
    facts.reset();
    ManifestBytes.write(frame.manifest(), facts);
    int body =
        facts.position() + ByteSink.varintBytes(state) + ByteSink.varintBytes(contents.length);
    out.reset();
    out.appendByte(VERSION);
    out.appendLong(frame.step());
    out.appendLong(previousStep);
    out.appendInt(0);
    out.appendInt(Math.addExact(body, Math.addExact(state, contents.length)));
    used = 0;
    facts.appendVarint(state);
    add(facts.array(), facts.position());
    frame.state().forEach(section -> add(section, section.length));
    facts.reset();
    facts.appendVarint(contents.length);
    add(facts.array(), facts.position());
    add(contents, contents.length);
    compress();
    byte[] bytes = out.toBytes();
    out.reset(KEPT_BYTES);
    return bytes;
  }

  private void add(byte[] from, int length) {
    for (int at = 0; at < length; ) {
      int piece = Math.min(length - at, BLOCK - used);
      if (used + piece > block.length) {
        block = java.util.Arrays.copyOf(block, Math.min(BLOCK, 2 * (used + piece)));
      }
      System.arraycopy(from, at, block, used, piece);
      used += piece;
      at += piece;
      if (used == BLOCK) {
        compress();
      }
    }
  }

  private void compress() {
    if (used == 0) {
      return;
    }
    int bound = compressor.maxCompressedLength(used);
    int start = out.position();
    out.ensure(4 + bound);
    int written = compressor.compress(block, 0, used, out.array(), start + 4, bound);
    out.appendInt(written);
    out.position(start + 4 + written);
    used = 0;
  }
}
