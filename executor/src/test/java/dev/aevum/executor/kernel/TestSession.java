package dev.aevum.executor.kernel;

import dev.aevum.model.text.TextStyle;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A session with fixed answers and a catalogue of one table, `public.t` with OID 16400.
public final class TestSession implements SessionEnvironment, CatalogLookup {
  private final Map<String, String> settings =
      new HashMap<>(Map.of("timezone", "UTC", "application_name", ""));
  private long random = 42;

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
    return implicit ? List.of("pg_catalog", "public") : List.of("public");
  }

  @Override
  public int backendProcessId() {
    return 77;
  }

  @Override
  public String version() {
    return "PostgreSQL 17.0 (Aevum test)";
  }

  @Override
  public @Nullable String setting(String name) {
    return settings.get(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public String setSetting(String name, String value, boolean local) {
    settings.put(name.toLowerCase(Locale.ROOT), value);
    return value;
  }

  @Override
  public long clockMicros() {
    return 1_700_000_000_000_000L;
  }

  @Override
  public long randomBits() {
    random = random * 6364136223846793005L + 1442695040888963407L;
    return random;
  }

  @Override
  public CatalogLookup catalog() {
    return this;
  }

  @Override
  public OptionalLong resolve(ObjectKind kind, String name) {
    return kind == ObjectKind.RELATION && (name.equals("t") || name.equals("public.t"))
        ? OptionalLong.of(16400)
        : OptionalLong.empty();
  }

  @Override
  public @Nullable String nameOf(ObjectKind kind, long oid) {
    return kind == ObjectKind.RELATION && oid == 16400
        ? "t"
        : kind == ObjectKind.ROLE && oid == 10 ? "aevum" : null;
  }

  @Override
  public @Nullable Boolean isVisible(ObjectKind kind, long oid) {
    return oid == 16400 ? Boolean.TRUE : null;
  }

  @Override
  public @Nullable String viewDefinition(long relation, boolean pretty) {
    return null;
  }

  @Override
  public @Nullable String indexDefinition(long index, int column) {
    return null;
  }

  @Override
  public @Nullable String functionResult(long function) {
    return null;
  }

  @Override
  public @Nullable String functionArguments(long function) {
    return null;
  }

  @Override
  public @Nullable String constraintDefinition(long constraint) {
    return null;
  }

  @Override
  public @Nullable String comment(long object, long classOid, int subId) {
    return object == 16400 && subId == 0 ? "a table" : null;
  }

  @Override
  public @Nullable Long relationBytes(long relation) {
    return relation == 16400 ? 8192L : null;
  }

  @Override
  public long databaseBytes() {
    return 1 << 20;
  }

  @Override
  public @Nullable Boolean hasPrivilege(String role, ObjectKind kind, long oid, String privilege) {
    return oid == 16400 ? Boolean.TRUE : null;
  }
}
