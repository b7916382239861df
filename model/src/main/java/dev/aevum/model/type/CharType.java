package dev.aevum.model.type;

/// `character(n)`: padded with blanks to `characters`; trailing blanks do not count in comparisons.
public record CharType(int characters) implements SqlType {
  @Override
  public PhysicalType physical() {
    return PhysicalType.VARLEN;
  }

  @Override
  public int oid() {
    return 1042;
  }

  @Override
  public int length() {
    return -1;
  }

  @Override
  public int modifier() {
    return characters + 4;
  }

  @Override
  public String displayName() {
    return "character(" + characters + ")";
  }
}
