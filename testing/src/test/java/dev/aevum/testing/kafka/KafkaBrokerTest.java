package dev.aevum.testing.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KafkaBrokerTest {
  @Test
  void startsStopsAndRestartsOnTheSameAddress() {
    try (KafkaBroker broker = KafkaBroker.start()) {
      String address = broker.address();
      assertThat(broker.running()).isTrue();
      broker.kill();
      assertThat(broker.running()).isFalse();
      broker.restart();
      assertThat(broker.running()).isTrue();
      assertThat(broker.address()).isEqualTo(address);
      broker.stop();
      assertThat(broker.running()).isFalse();
    }
  }
}
