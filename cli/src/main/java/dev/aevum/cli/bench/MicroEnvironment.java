package dev.aevum.cli.bench;

import dev.aevum.executor.kernel.CatalogLookup;
import dev.aevum.executor.kernel.SessionEnvironment;
import dev.aevum.model.text.TextStyle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A session with nothing set, for operators that ask for none of it.
final class MicroEnvironment implements SessionEnvironment {
  @Override
  public TextStyle textStyle() {
    return TextStyle.DEFAULT;
  }

  @Override
  public String user() {
    return "aevum";
  }

  @Override
  public String database() {
    return "aevum";
  }

  @Override
  public List<String> searchPath(boolean implicit) {
    return List.of("public");
  }

  @Override
  public int backendProcessId() {
    return 1;
  }

  @Override
  public String version() {
    return "micro";
  }

  @Override
  public @Nullable String setting(String name) {
    return null;
  }

  @Override
  public String setSetting(String name, String value, boolean local) {
    return value;
  }

  @Override
  public long clockMicros() {
    return 0;
  }

  @Override
  public long randomBits() {
    return 0;
  }

  @Override
  public CatalogLookup catalog() {
    throw new IllegalStateException("no catalogue in micro benchmarks");
  }
}
