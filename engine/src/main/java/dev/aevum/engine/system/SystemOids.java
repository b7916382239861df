package dev.aevum.engine.system;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/// Fixed OIDs and those derived from an object's own: stable over restarts, unique, never handed
/// out to user objects (which count up from 16384).
public final class SystemOids {
  public static final int PG_CATALOG = 11;
  public static final int PUBLIC = 2200;
  public static final int INFORMATION_SCHEMA = 13000;
  public static final int AEVUM = 12000;
  public static final int DATABASE = 16383;
  public static final int OWNER = 10;
  public static final int SESSION_ROLE = 12001;
  public static final int HEAP = 2;
  public static final int BTREE = 403;

  public static final int PG_CLASS = 1259;
  public static final int PG_NAMESPACE = 2615;
  public static final int PG_TYPE = 1247;

  private static final int INDEX = 0x10000000;
  private static final int CONSTRAINT = 0x20000000;
  private static final int DEFAULT = 0x30000000;
  private static final int SCHEMA = 0x40000000;
  private static final int ROW_TYPE = 0x50000000;

  private SystemOids() {}

  public static int keyIndex(int relation) {
    return INDEX | relation;
  }

  /// The relation whose key index has that OID, or 0.
  public static int relationOfIndex(long index) {
    return (index & 0xF0000000L) == INDEX ? (int) (index & 0x0FFFFFFF) : 0;
  }

  public static int keyConstraint(int relation) {
    return CONSTRAINT | relation;
  }

  public static int relationOfConstraint(long constraint) {
    return (constraint & 0xF0000000L) == CONSTRAINT ? (int) (constraint & 0x0FFFFFFF) : 0;
  }

  public static int columnDefault(int relation, int column) {
    return DEFAULT | ((relation & 0xFFFF) << 11) | column;
  }

  public static int rowType(int relation) {
    return ROW_TYPE | relation;
  }

  public static int namespace(String schema) {
    return switch (schema) {
      case "pg_catalog" -> PG_CATALOG;
      case "public" -> PUBLIC;
      case "information_schema" -> INFORMATION_SCHEMA;
      case "aevum" -> AEVUM;
      default -> {
        CRC32 crc = new CRC32();
        crc.update(schema.getBytes(StandardCharsets.UTF_8));
        yield SCHEMA | (int) (crc.getValue() & 0x0FFFFFFF);
      }
    };
  }
}
