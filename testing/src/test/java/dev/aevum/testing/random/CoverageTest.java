package dev.aevum.testing.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// What the laws rely on when they fail for want of an operator, a type or a family.
class CoverageTest {
  @Test
  void whatIsRareOrNeverHappensIsNamed() {
    Coverage coverage = new Coverage();
    for (int i = 0; i < 198; i++) {
      coverage.count("operator", "scan");
    }
    coverage.count("operator", "hop");
    coverage.count("operator", "seldom, and not expected");
    coverage.expect("operator", List.of("join", "hop", "scan"));
    coverage.expect("type", List.of("uuid"));
    assertThat(coverage.below(1, List.of("operator")))
        .containsExactly("operator hop: 1 of 200", "operator join: 0 of 200");
    assertThat(coverage.below(0.5, List.of("operator"))).containsExactly("operator join: 0 of 200");
    assertThat(coverage.below(1, List.of("type"))).containsExactly("type uuid: 0 of 0");
    assertThat(coverage.report()).contains("hop", "0.5 %", "uuid");
  }
}
