package dev.aevum.engine.runtime;

import dev.aevum.engine.name.CatalogNames;
import dev.aevum.engine.setting.SettingDefinitions;
import dev.aevum.executor.kernel.CatalogLookup;
import dev.aevum.executor.kernel.SessionEnvironment;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.TextStyle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What functions in views see: the server itself, with default settings. Volatile functions are
/// refused in views before they get here.
public final class ServerEnvironment implements SessionEnvironment {
  static final String VERSION =
      "PostgreSQL "
          + SettingDefinitions.SERVER_VERSION
          + " (Aevum 0.1.0) on the Java virtual machine, 64-bit";

  @Override
  public TextStyle textStyle() {
    return TextStyle.DEFAULT;
  }

  @Override
  public String user() {
    return CatalogNames.DATABASE;
  }

  @Override
  public String database() {
    return CatalogNames.DATABASE;
  }

  @Override
  public List<String> searchPath(boolean implicit) {
    return implicit ? List.of("pg_catalog", "public") : List.of("public");
  }

  @Override
  public int backendProcessId() {
    return 0;
  }

  @Override
  public String version() {
    return VERSION;
  }

  @Override
  public @Nullable String setting(String name) {
    var definition = SettingDefinitions.find(name);
    return definition == null ? null : definition.defaultValue();
  }

  @Override
  public String setSetting(String name, String value, boolean local) {
    throw notInViews("set_config");
  }

  @Override
  public long clockMicros() {
    throw notInViews("clock_timestamp");
  }

  @Override
  public long randomBits() {
    throw notInViews("random");
  }

  @Override
  public CatalogLookup catalog() {
    throw notInViews("a catalog function");
  }

  private static SqlException notInViews(String what) {
    return new SqlException(ErrorCode.FEATURE_NOT_SUPPORTED, what + " cannot be used in a view");
  }
}
