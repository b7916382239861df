package dev.aevum.testing.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostgresServerTest {
  @Test
  void answersInUtcWithCodePointOrder() throws Exception {
    try (PostgresServer server = new PostgresServer()) {
      assertThat(server.query("SELECT 'a' < 'B', NULL::int, current_setting('TimeZone')"))
          .isEqualTo(List.of(Arrays.asList("f", null, "UTC")));
      assertThat(server.port()).isPositive();
    }
  }
}
