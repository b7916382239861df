package dev.aevum.testing.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.testing.law.FaultyClassLoader.Fault;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Laws that catch nothing prove nothing: each bug of faults.txt, planted alone, must break the law
/// on the seeds that a build runs.
class SeededFaultsTest {
  private static final int MOST_CASES = 400;

  @Test
  void everyFaultIsCaught() throws Exception {
    List<Fault> faults = faults("faults.txt");
    List<String> missed = new ArrayList<>();
    for (Fault fault : faults) {
      if (!caught(fault)) {
        missed.add(fault.toString());
      }
    }
    assertThat(faults).hasSizeGreaterThanOrEqualTo(20);
    assertThat(missed).isEmpty();
  }

  static List<Fault> faults(String file) throws IOException {
    List<Fault> faults = new ArrayList<>();
    try (InputStream in = SeededFaultsTest.class.getResourceAsStream(file)) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.split("\n")) {
        if (!line.isBlank() && !line.startsWith("#")) {
          String[] words = line.split("#")[0].strip().split("\\s+");
          faults.add(
              new Fault(
                  "dev.aevum." + words[0],
                  words[1],
                  words[2],
                  Integer.parseInt(words[3]),
                  words.length > 4 && words[4].equals("planned")));
        }
      }
    }
    return faults;
  }

  static URL[] classPath() throws IOException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      urls.add(new File(entry).toURI().toURL());
    }
    return urls.toArray(URL[]::new);
  }

  static boolean caught(Fault fault) throws Exception {
    try (FaultyClassLoader loader = new FaultyClassLoader(classPath(), fault)) {
      Class<?> law = Class.forName(LawProbe.class.getName(), true, loader);
      Method run = law.getDeclaredMethod("holds", int.class, boolean.class);
      run.setAccessible(true);
      boolean holds;
      try {
        holds = (Boolean) run.invoke(null, MOST_CASES, fault.planned());
      } catch (InvocationTargetException e) {
        holds = false;
      }
      if (!loader.planted()) {
        throw new AssertionError("no such place: " + fault);
      }
      return !holds;
    }
  }
}
