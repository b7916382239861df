package dev.aevum.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Position;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameBytesTest {
  private static StepFrame frame(int state, int contents) {
    Random random = new Random(state * 31L + contents);
    byte[] first = new byte[state];
    byte[] second = new byte[contents];
    random.nextBytes(first);
    // Some of it can be compressed.
    Arrays.setAll(new int[contents], i -> second[i] = (byte) (i % 7 == 0 ? random.nextInt() : 3));
    return new StepFrame(
        9,
        new StepFrame.Manifest(
            Map.of(3, new Position("0:1", 5, 1)), Map.of(), Map.of("oid", 4L), 10, 2),
        List.of(Arrays.copyOf(first, state / 3), Arrays.copyOfRange(first, state / 3, state)),
        second);
  }

  private static byte[] joined(StepFrame frame) {
    ByteSink all = new ByteSink();
    frame.state().forEach(all::appendBytes);
    return all.toBytes();
  }

  private static void equal(StepFrame read, StepFrame written) {
    assertThat(read.step()).isEqualTo(written.step());
    assertThat(read.manifest()).isEqualTo(written.manifest());
    assertThat(joined(read)).isEqualTo(joined(written));
    assertThat(read.contents()).isEqualTo(written.contents());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 0",
    "0, 1",
    "100, 5000",
    "1048576, 0",
    "1048500, 200",
    "3000000, 2500000",
    "5, 1"
  })
  void framesComeBack(int state, int contents) {
    FrameWriter writer = new FrameWriter();
    StepFrame frame = frame(state, contents);
    byte[] bytes = writer.write(frame, 8);
    assertThat(writer.write(frame, 8)).as("the same once more").isEqualTo(bytes);
    byte[] moved = new byte[bytes.length + 7];
    System.arraycopy(bytes, 0, moved, 5, bytes.length);
    equal(FrameReader.read(moved, 5, bytes.length), frame);
    assertThat(FrameReader.step(moved, 5)).isEqualTo(9);
    assertThat(FrameReader.previousStep(moved, 5)).isEqualTo(8);
  }

  @Test
  void formatOneIsRead() {
    StepFrame frame = frame(300, 4000);
    ByteSink body = new ByteSink();
    ManifestBytes.write(frame.manifest(), body);
    body.appendVarint(joined(frame).length);
    body.appendBytes(joined(frame));
    body.appendVarint(frame.contents().length);
    body.appendBytes(frame.contents());
    ByteSink out = new ByteSink();
    out.appendByte(1);
    out.appendLong(9);
    out.appendLong(8);
    out.appendInt(0);
    out.appendInt(body.position());
    out.appendBytes(LZ4Factory.fastestInstance().fastCompressor().compress(body.toBytes()));
    equal(FrameReader.read(out.array(), 0, out.position()), frame);
  }

  @Test
  void damagedBytesAreRefused() {
    byte[] bytes = new FrameWriter().write(frame(2_000_000, 1000), 8);
    for (int cut : new int[] {26, 30, 1000, bytes.length - 1}) {
      assertThatThrownBy(() -> FrameReader.read(bytes, 0, cut))
          .isInstanceOf(SqlException.class)
          .hasMessage("step frame has bytes of another form");
    }
    byte[] wrong = bytes.clone();
    wrong[FrameWriter.HEADER + 3] = 0x7f;
    assertThatThrownBy(() -> FrameReader.read(wrong, 0, wrong.length))
        .hasMessage("step frame has bytes of another form");
  }
}
