package dev.aevum.testing.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.testing.law.FaultyClassLoader.Fault;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Each bug of match-faults.txt, planted alone, breaks the law of row patterns on the first seeds.
class MatchFaultsTest {
  private static final int MOST_CASES = 120;

  @Test
  void everyFaultIsCaught() throws Exception {
    List<Fault> faults = SeededFaultsTest.faults("match-faults.txt");
    List<String> missed = new ArrayList<>();
    for (Fault fault : faults) {
      String answer = answer(fault);
      if (!answer.equals("broken")) {
        missed.add(answer + ": " + fault);
      }
    }
    assertThat(faults).hasSizeGreaterThanOrEqualTo(15);
    assertThat(missed).isEmpty();
  }

  private static String answer(Fault fault) throws Exception {
    try (FaultyClassLoader loader = new FaultyClassLoader(SeededFaultsTest.classPath(), fault)) {
      Class<?> law = Class.forName(MatchProbe.class.getName(), true, loader);
      Method ask = law.getDeclaredMethod("ask", int.class);
      ask.setAccessible(true);
      String answer = (String) ask.invoke(null, MOST_CASES);
      if (!loader.planted()) {
        throw new AssertionError("no such place: " + fault);
      }
      return answer;
    }
  }
}
