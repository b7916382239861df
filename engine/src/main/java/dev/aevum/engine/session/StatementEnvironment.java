package dev.aevum.engine.session;

import dev.aevum.engine.name.CatalogNames;
import dev.aevum.engine.name.SessionCatalogView;
import dev.aevum.engine.setting.SessionSettings;
import dev.aevum.executor.kernel.CatalogLookup;
import dev.aevum.executor.kernel.SessionEnvironment;
import dev.aevum.model.text.TextStyle;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What functions of one statement see of its session.
final class StatementEnvironment implements SessionEnvironment {
  private final SessionCatalogView catalog;
  private final SessionSettings settings;
  private final int processId;
  private final String version;
  private final LongSupplier clockMicros;
  private final LongSupplier random;

  StatementEnvironment(
      SessionCatalogView catalog,
      SessionSettings settings,
      int processId,
      String version,
      LongSupplier clockMicros,
      LongSupplier random) {
    this.catalog = catalog;
    this.settings = settings;
    this.processId = processId;
    this.version = version;
    this.clockMicros = clockMicros;
    this.random = random;
  }

  @Override
  public TextStyle textStyle() {
    return catalog.textStyle();
  }

  @Override
  public String user() {
    return catalog.currentUser();
  }

  @Override
  public String database() {
    return CatalogNames.DATABASE;
  }

  @Override
  public List<String> searchPath(boolean implicit) {
    return implicit ? catalog.searchPath() : catalog.namedSearchPath();
  }

  @Override
  public int backendProcessId() {
    return processId;
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public @Nullable String setting(String name) {
    return settings.find(name);
  }

  @Override
  public String setSetting(String name, String value, boolean local) {
    settings.set(name, value, local);
    return settings.get(name);
  }

  @Override
  public long clockMicros() {
    return clockMicros.getAsLong();
  }

  @Override
  public long randomBits() {
    return random.getAsLong();
  }

  @Override
  public CatalogLookup catalog() {
    return catalog.names();
  }
}
