package dev.aevum.model.text;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// What of a session the text forms depend on. DateStyle is always `ISO, MDY`.
///
/// @param timeZone of timestamps with time zone
/// @param byteaHex `bytea_output = hex`; false is `escape`
/// @param intervals how intervals are written
/// @param names of catalogue objects, for regclass and its kin
public record TextStyle(
    ZoneId timeZone, boolean byteaHex, IntervalStyle intervals, OidNames names) {
  /// UTC, hex, no catalogue.
  public static final TextStyle DEFAULT =
      new TextStyle(ZoneOffset.UTC, true, IntervalStyle.POSTGRES, new NoNames());

  public TextStyle withTimeZone(ZoneId zone) {
    return new TextStyle(zone, byteaHex, intervals, names);
  }

  /// The names behind the OID aliases; implemented by the catalogue.
  public interface OidNames {
    /// Null where no object has that OID: then the number is printed.
    @Nullable String name(SimpleType alias, long oid);

    /// Errors: 42P01, 42704 and their kin where there is no such object.
    long oid(SimpleType alias, String name);
  }

  private record NoNames() implements OidNames {
    @Override
    public @Nullable String name(SimpleType alias, long oid) {
      return null;
    }

    @Override
    public long oid(SimpleType alias, String name) {
      throw new SqlException(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "names of type " + alias.displayName() + " can be resolved in queries only");
    }
  }
}
