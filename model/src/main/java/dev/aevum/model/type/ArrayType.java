package dev.aevum.model.type;

/// A one-dimensional array, 1-based. Bytes: see [dev.aevum.model.codec.ArrayBytes].
public record ArrayType(SqlType element) implements SqlType {
  @Override
  public PhysicalType physical() {
    return PhysicalType.VARLEN;
  }

  @Override
  public int oid() {
    return PgArrayOids.arrayOid(element);
  }

  @Override
  public int length() {
    return -1;
  }

  @Override
  public int modifier() {
    return element.modifier();
  }

  @Override
  public String displayName() {
    return element.displayName() + "[]";
  }
}
