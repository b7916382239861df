package dev.aevum.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Position;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManifestBytesTest {
  @Test
  void positionsKeepTheirCounts() {
    StepFrame.Manifest manifest =
        new StepFrame.Manifest(
            Map.of(7, new Position("0:17,1:42", 59, 3), 8, new Position("")),
            Map.of(7, 5L),
            Map.of("oid", 9L),
            11,
            12);
    assertThat(ManifestBytes.read(ManifestBytes.write(manifest))).isEqualTo(manifest);
  }

  @Test
  void positionsOfFormatOneHaveNoCounts() {
    ByteSink out = new ByteSink();
    out.appendByte(1);
    out.appendLong(11);
    out.appendLong(12);
    out.appendVarint(1);
    out.appendVarint(7);
    out.appendVarint(4);
    out.appendBytes("0:17".getBytes(StandardCharsets.UTF_8));
    out.appendVarint(1);
    out.appendVarint(7);
    out.appendLong(5);
    out.appendVarint(0);
    assertThat(ManifestBytes.read(out.toBytes()))
        .isEqualTo(
            new StepFrame.Manifest(
                Map.of(7, new Position("0:17")), Map.of(7, 5L), Map.of(), 11, 12));
  }

  @Test
  void otherFormatsAreRefused() {
    assertThatThrownBy(() -> ManifestBytes.read(new byte[] {3}))
        .isInstanceOf(SqlException.class)
        .hasMessage("manifest of format 3");
  }
}
