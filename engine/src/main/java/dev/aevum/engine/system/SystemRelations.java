package dev.aevum.engine.system;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All system relations, by OID and by name. Immutable.
public final class SystemRelations {
  private final SortedMap<Integer, SystemRelation> byOid = new TreeMap<>();
  private final SortedMap<String, SystemRelation> byName = new TreeMap<>();

  public SystemRelations(Collection<SystemRelation> relations) {
    for (SystemRelation relation : relations) {
      if (byOid.put(relation.oid(), relation) != null
          || byName.put(key(relation.schemaName(), relation.name()), relation) != null) {
        throw new IllegalStateException("two system relations like " + relation.name());
      }
    }
  }

  public @Nullable SystemRelation find(int oid) {
    return byOid.get(oid);
  }

  public @Nullable SystemRelation find(String schema, String name) {
    return byName.get(key(schema, name));
  }

  public Collection<SystemRelation> all() {
    return byOid.values();
  }

  public List<String> names(String schema) {
    List<String> names = new ArrayList<>();
    for (SystemRelation r : byOid.values()) {
      if (r.schemaName().equals(schema)) {
        names.add(r.name());
      }
    }
    return names;
  }

  private static String key(String schema, String name) {
    return schema + '\0' + name;
  }
}
