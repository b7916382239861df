package dev.aevum.model.type;

import java.util.List;

/// A row of named attributes: what functions with several results give. In flight it is its text
/// form `(a,b)` ([dev.aevum.model.text.RecordText]): made only where the whole value is stored or
/// shown, as the planner takes `(f(x)).a` apart before.
///
/// Clients see the anonymous `record` (OID 2249), whose fields PostgreSQL does not describe either.
public record CompositeType(String name, List<Attribute> attributes) implements SqlType {
  public record Attribute(String name, SqlType type) {}

  public CompositeType {
    attributes = List.copyOf(attributes);
  }

  /// The attribute's place, or -1.
  public int indexOf(String attribute) {
    for (int i = 0; i < attributes.size(); i++) {
      if (attributes.get(i).name().equals(attribute)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public PhysicalType physical() {
    return PhysicalType.VARLEN;
  }

  @Override
  public int oid() {
    return SimpleType.RECORD.oid();
  }

  @Override
  public int length() {
    return -1;
  }

  @Override
  public int modifier() {
    return -1;
  }

  @Override
  public String displayName() {
    return name;
  }
}
