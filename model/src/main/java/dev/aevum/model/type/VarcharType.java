package dev.aevum.model.type;

/// `character varying(n)`, at most `maxLength` characters. Without a length it is
/// [SimpleType#TEXT]'s twin and is kept as `maxLength` -1.
public record VarcharType(int maxLength) implements SqlType {
  @Override
  public PhysicalType physical() {
    return PhysicalType.VARLEN;
  }

  @Override
  public int oid() {
    return 1043;
  }

  @Override
  public int length() {
    return -1;
  }

  @Override
  public int modifier() {
    return maxLength < 0 ? -1 : maxLength + 4;
  }

  @Override
  public String displayName() {
    return maxLength < 0 ? "character varying" : "character varying(" + maxLength + ")";
  }
}
