package dev.aevum.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aevum.connectors.spi.Connector;
import dev.aevum.connectors.spi.OptionDefinition;
import dev.aevum.model.error.SqlException;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class ConnectorsTest {
  private final Connectors connectors = new Connectors(InstantSource.system());

  @Test
  void allAreFoundByName() {
    assertThat(connectors.all())
        .extracting(Connector::name)
        .containsExactly("blackhole", "datagen", "file", "kafka");
    for (Connector connector : connectors.all()) {
      assertThat(connectors.get(connector.name())).isSameAs(connector);
      assertThat(connector.options())
          .extracting(OptionDefinition::description)
          .allMatch(text -> text.endsWith("."));
    }
  }

  @Test
  void aWrongNameHasAHint() {
    assertThatThrownBy(() -> connectors.get("kafak"))
        .isInstanceOfSatisfying(
            SqlException.class,
            e -> {
              assertThat(e.sqlState()).isEqualTo("42704");
              assertThat(e.hint()).isEqualTo("Did you mean \"kafka\"?");
            });
  }
}
