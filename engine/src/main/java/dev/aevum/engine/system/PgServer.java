package dev.aevum.engine.system;

import dev.aevum.engine.setting.SettingDefinition;
import dev.aevum.engine.setting.SettingDefinitions;
import dev.aevum.model.batch.Schema;
import java.util.List;
import java.util.Locale;

/// Rows of the catalogue relations about the server: pg_database, pg_roles and its kin,
/// pg_settings, pg_stat_activity.
final class PgServer {
  /// The one database's name.
  static final String DATABASE = "aevum";

  private PgServer() {}

  static void databases(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    new RowBuilder(schema, out)
        .set("oid", SystemOids.DATABASE)
        .set("datname", DATABASE)
        .set("datdba", SystemOids.OWNER)
        .set("encoding", 6)
        .set("datlocprovider", "c")
        .set("datallowconn", true)
        .set("datconnlimit", -1)
        .set("dattablespace", 1663)
        .set("datcollate", "C")
        .set("datctype", "C.UTF-8")
        .emit();
  }

  static void roles(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    role(new RowBuilder(schema, out), schema, SystemOids.OWNER, DATABASE);
    if (!s.user().equals(DATABASE)) {
      role(new RowBuilder(schema, out), schema, SystemOids.SESSION_ROLE, s.user());
    }
  }

  private static void role(RowBuilder row, Schema schema, int oid, String name) {
    row.set("rolname", name).set("oid", oid);
    for (String flag :
        List.of(
            "rolsuper",
            "rolinherit",
            "rolcreaterole",
            "rolcreatedb",
            "rolcanlogin",
            "rolreplication",
            "rolbypassrls")) {
      row.set(flag, true);
    }
    row.set("rolconnlimit", -1);
    if (schema.indexOf("rolpassword") >= 0) {
      row.set(
          "rolpassword",
          schema.field(schema.indexOf("rolpassword")).nullable() ? null : "********");
    }
    row.emit();
  }

  static void users(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    RowBuilder row = new RowBuilder(schema, out);
    user(row, SystemOids.OWNER, DATABASE);
    if (!s.user().equals(DATABASE)) {
      user(row, SystemOids.SESSION_ROLE, s.user());
    }
  }

  private static void user(RowBuilder row, int oid, String name) {
    row.set("usename", name)
        .set("usesysid", oid)
        .set("usecreatedb", true)
        .set("usesuper", true)
        .set("userepl", true)
        .set("usebypassrls", true)
        .set("passwd", "********")
        .emit();
  }

  static void settings(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    RowBuilder row = new RowBuilder(schema, out);
    for (SettingDefinition d : SettingDefinitions.all()) {
      String value = s.settings().get(d.name());
      row.set("name", d.name())
          .set("setting", value)
          .set("unit", d.unit())
          .set("category", d.name().startsWith("aevum.") ? "Aevum" : "Client Connection Defaults")
          .set("short_desc", d.description())
          .set("context", d.settable() ? "user" : "internal")
          .set("vartype", d.kind().name().toLowerCase(Locale.ROOT))
          .set("source", value.equals(d.defaultValue()) ? "default" : "session")
          .set("boot_val", d.defaultValue())
          .set("reset_val", d.defaultValue())
          .set("pending_restart", false);
      if (d.kind() == SettingDefinition.Kind.INTEGER) {
        row.set("min_val", Long.toString(d.min())).set("max_val", Long.toString(d.max()));
      }
      if (!d.choices().isEmpty()) {
        row.set("enumvals", List.copyOf(d.choices()));
      }
      row.emit();
    }
  }

  static void activity(Schema schema, SystemSnapshot s, SystemRelation.RowConsumer out) {
    RowBuilder row = new RowBuilder(schema, out);
    for (RunningState.SessionState session : s.running().sessions()) {
      row.set("datid", SystemOids.DATABASE)
          .set("datname", session.database())
          .set("pid", session.processId())
          .set("usesysid", SystemOids.OWNER)
          .set("usename", session.user())
          .set("application_name", session.applicationName())
          .set("client_addr", session.clientAddress())
          .set("backend_start", session.startMicros())
          .set("xact_start", session.transactionStartMicros())
          .set("query_start", session.queryStartMicros())
          .set("state_change", session.stateChangeMicros())
          .set("state", session.state())
          .set("query", session.query())
          .set("backend_type", "client backend")
          .emit();
    }
  }
}
