package dev.aevum.engine.catalog;

import dev.aevum.engine.catalog.CatalogObject.LogicalViewObject;
import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.catalog.CatalogObject.SinkObject;
import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.catalog.CatalogObject.TableObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All user objects at one version. Immutable: readers keep the snapshot they took.
public final class Catalog {
  public static final String PUBLIC = "public";

  /// OIDs of user objects start here, as in PostgreSQL.
  public static final int FIRST_OID = 16384;

  public static final Catalog EMPTY =
      new Catalog(0, FIRST_OID, new TreeMap<>(), new TreeMap<>(), List.of(PUBLIC));

  private final long version;
  private final int nextOid;
  private final SortedMap<Integer, CatalogObject> byOid;
  private final SortedMap<String, CatalogObject> byName;
  private final List<String> schemas;

  private Catalog(
      long version,
      int nextOid,
      SortedMap<Integer, CatalogObject> byOid,
      SortedMap<String, CatalogObject> byName,
      List<String> schemas) {
    this.version = version;
    this.nextOid = nextOid;
    this.byOid = byOid;
    this.byName = byName;
    this.schemas = List.copyOf(schemas);
  }

  /// Grows by one with every change; names the catalogue in plan caches and step frames.
  public long version() {
    return version;
  }

  /// The OID that the next object gets.
  public int nextOid() {
    return nextOid;
  }

  public List<String> schemas() {
    return schemas;
  }

  public @Nullable CatalogObject find(int oid) {
    return byOid.get(oid);
  }

  public @Nullable CatalogObject find(String schema, String name) {
    return byName.get(key(schema, name));
  }

  /// In order of creation.
  public Collection<CatalogObject> objects() {
    return byOid.values();
  }

  /// What can be named in FROM: all but sinks and models.
  public List<CatalogObject.Relation> relations() {
    List<CatalogObject.Relation> found = new ArrayList<>();
    for (CatalogObject object : byOid.values()) {
      boolean isModel = object instanceof MaterializedViewObject v && v.model() != null;
      if (object instanceof CatalogObject.Relation relation && !isModel) {
        found.add(relation);
      }
    }
    return found;
  }

  public List<MaterializedViewObject> models() {
    List<MaterializedViewObject> found = new ArrayList<>();
    for (CatalogObject object : byOid.values()) {
      if (object instanceof MaterializedViewObject view && view.model() != null) {
        found.add(view);
      }
    }
    return found;
  }

  /// Objects that read `oid` directly.
  public List<CatalogObject> dependents(int oid) {
    List<CatalogObject> found = new ArrayList<>();
    for (CatalogObject object : byOid.values()) {
      if (inputs(object).contains(oid)) {
        found.add(object);
      }
    }
    return found;
  }

  /// The objects that `object` reads directly.
  public static List<Integer> inputs(CatalogObject object) {
    return switch (object) {
      case StreamObject s -> List.of();
      case TableObject t -> List.of();
      case MaterializedViewObject v -> v.inputs();
      case LogicalViewObject v -> v.inputs();
      case SinkObject s -> s.inputs();
    };
  }

  public Catalog with(CatalogObject object) {
    SortedMap<Integer, CatalogObject> oids = new TreeMap<>(byOid);
    SortedMap<String, CatalogObject> names = new TreeMap<>(byName);
    CatalogObject old = oids.put(object.oid(), object);
    if (old != null) {
      names.remove(key(old.schemaName(), old.name()));
    }
    names.put(key(object.schemaName(), object.name()), object);
    return new Catalog(version + 1, Math.max(nextOid, object.oid() + 1), oids, names, schemas);
  }

  public Catalog without(int oid) {
    SortedMap<Integer, CatalogObject> oids = new TreeMap<>(byOid);
    SortedMap<String, CatalogObject> names = new TreeMap<>(byName);
    CatalogObject old = oids.remove(oid);
    if (old != null) {
      names.remove(key(old.schemaName(), old.name()));
    }
    return new Catalog(version + 1, nextOid, oids, names, schemas);
  }

  /// The same objects; the next one gets an OID of at least `oid`.
  public Catalog atLeast(int oid) {
    return oid <= nextOid ? this : new Catalog(version, oid, byOid, byName, schemas);
  }

  public Catalog withSchema(String schema) {
    List<String> more = new ArrayList<>(schemas);
    more.add(schema);
    return new Catalog(version + 1, nextOid, byOid, byName, more);
  }

  public Catalog withoutSchema(String schema) {
    List<String> fewer = new ArrayList<>(schemas);
    fewer.remove(schema);
    return new Catalog(version + 1, nextOid, byOid, byName, fewer);
  }

  private static String key(String schema, String name) {
    return schema + '\0' + name;
  }
}
