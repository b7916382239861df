package dev.aevum.engine.system;

import dev.aevum.engine.catalog.CatalogObject;
import dev.aevum.engine.catalog.CatalogObject.LogicalViewObject;
import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.catalog.CatalogObject.SinkObject;
import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.catalog.CatalogObject.TableObject;
import dev.aevum.engine.setting.SettingDefinition;
import dev.aevum.engine.setting.SettingDefinitions;
import dev.aevum.planner.plan.function.FunctionSignature.ArgumentType;
import java.util.List;
import java.util.Locale;

/// The schema `aevum`: what runs, how far it is, what went wrong.
final class AevumRelations {
  private static final int FIRST_OID = 15000;

  private AevumRelations() {}

  static List<SystemRelation> all() {
    return List.of(
        relation(
            0,
            "sources",
            "oid oid!, name text!, connector text!, state text!, reason text, position text!, rows bigint!, bad_rows bigint!, lag bigint!, watermark timestamptz",
            (s, out) ->
                s.running()
                    .sources()
                    .forEach(x ->
                        out.row(
                            (long) x.oid(),
                            x.name(),
                            x.connector(),
                            x.state(),
                            x.reason(),
                            x.position(),
                            x.rows(),
                            x.badRows(),
                            x.lag(),
                            x.watermarkMicros()))),
        relation(
            1,
            "views",
            "oid oid!, name text!, state text!, reason text, step bigint!, rows bigint!, state_bytes bigint!, late_rows bigint!, errors bigint!, watermark timestamptz",
            (s, out) ->
                s.running()
                    .views()
                    .forEach(x ->
                        out.row(
                            (long) x.oid(),
                            x.name(),
                            x.state(),
                            x.reason(),
                            x.step(),
                            x.rows(),
                            x.stateBytes(),
                            x.lateRows(),
                            x.errors(),
                            x.watermarkMicros()))),
        relation(
            2,
            "operators",
            "view_oid oid!, view text!, operator integer!, name text!, worker integer!, rows_in bigint!, rows_out bigint!, nanos bigint!, state_bytes bigint!, state_keys bigint, state_rows bigint, oldest_row timestamptz",
            (s, out) ->
                s.running()
                    .operators()
                    .forEach(x ->
                        out.row(
                            (long) x.viewOid(),
                            x.view(),
                            (long) x.operator(),
                            x.name(),
                            (long) x.worker(),
                            x.rowsIn(),
                            x.rowsOut(),
                            x.nanos(),
                            x.stateBytes(),
                            x.stateKeys(),
                            x.stateRows(),
                            x.oldestMicros()))),
        relation(
            3,
            "steps",
            "step bigint!, time timestamptz!, rows_in bigint!, rows_out bigint!, micros bigint!, sync_micros bigint!, frame_bytes bigint!",
            (s, out) ->
                s.running()
                    .steps()
                    .forEach(x ->
                        out.row(
                            x.step(),
                            x.timeMicros(),
                            x.rowsIn(),
                            x.rowsOut(),
                            x.micros(),
                            x.syncMicros(),
                            x.frameBytes()))),
        relation(
            4,
            "sinks",
            "oid oid!, name text!, connector text!, state text!, reason text, committed_step bigint!, lag_steps bigint!, rows bigint!",
            (s, out) ->
                s.running()
                    .sinks()
                    .forEach(x ->
                        out.row(
                            (long) x.oid(),
                            x.name(),
                            x.connector(),
                            x.state(),
                            x.reason(),
                            x.committedStep(),
                            x.lagSteps(),
                            x.rows()))),
        relation(
            5,
            "sessions",
            "pid integer!, usename text!, database text!, application_name text!, client_address text, start timestamptz!, state text!, query_start timestamptz, query text!",
            (s, out) ->
                s.running()
                    .sessions()
                    .forEach(x ->
                        out.row(
                            (long) x.processId(),
                            x.user(),
                            x.database(),
                            x.applicationName(),
                            x.clientAddress(),
                            x.startMicros(),
                            x.state(),
                            x.queryStartMicros(),
                            x.query()))),
        relation(
            6,
            "errors",
            "time timestamptz, object text!, object_kind text!, operator text, step bigint, source_partition text, source_offset bigint, sqlstate text!, message text!, row_text text",
            (s, out) ->
                s.running()
                    .errors()
                    .forEach(x ->
                        out.row(
                            x.timeMicros() == 0 ? null : x.timeMicros(),
                            x.object(),
                            x.objectKind(),
                            x.operator(),
                            x.step(),
                            x.sourcePartition(),
                            x.sourceOffset(),
                            x.sqlState(),
                            x.message(),
                            x.rowText()))),
        relation(
            7,
            "metrics",
            "name text!, labels text!, value float8!",
            (s, out) ->
                s.running().metrics().forEach(x -> out.row(x.name(), x.labels(), x.value()))),
        relation(
            8,
            "settings",
            "name text!, setting text!, unit text, kind text!, description text!",
            (s, out) -> {
              for (SettingDefinition d : SettingDefinitions.all()) {
                out.row(
                    d.name(),
                    s.settings().get(d.name()),
                    d.unit(),
                    d.kind().name().toLowerCase(Locale.ROOT),
                    d.description());
              }
            }),
        relation(
            9,
            "functions",
            "name text!, kind text!, arguments text!, volatility text!, description text!, example text!",
            (s, out) ->
                s.functions()
                    .all()
                    .forEach(f ->
                        out.row(
                            f.name(),
                            f.kind().name().toLowerCase(Locale.ROOT),
                            String.join(
                                    ", ",
                                    f.arguments().stream().map(AevumRelations::argument).toList())
                                + (f.variadic() ? ", ..." : ""),
                            f.volatility().name().toLowerCase(Locale.ROOT),
                            f.description(),
                            f.example()))),
        relation(
            10,
            "streams",
            "oid oid!, schema text!, name text!, connector text, watermark_column text, watermark_expression text, retention_micros bigint",
            (s, out) ->
                s.catalog()
                    .objects()
                    .forEach(o -> {
                      if (o instanceof StreamObject x) {
                        out.row(
                            (long) x.oid(),
                            x.schemaName(),
                            x.name(),
                            x.connector(),
                            x.watermarkColumn() < 0
                                ? null
                                : x.columns().get(x.watermarkColumn()).name(),
                            x.watermarkSql(),
                            x.retentionMicros() < 0 ? null : x.retentionMicros());
                      }
                    })),
        relation(
            11,
            "watermarks",
            "oid oid!, object text!, object_kind text!, watermark timestamptz",
            (s, out) -> {
              s.running()
                  .sources()
                  .forEach(x -> out.row((long) x.oid(), x.name(), "source", x.watermarkMicros()));
              s.running()
                  .views()
                  .forEach(x -> out.row((long) x.oid(), x.name(), "view", x.watermarkMicros()));
            }),
        relation(14, "models", ModelRelations.MODELS, ModelRelations::models),
        relation(15, "model_metrics", ModelRelations.METRICS, ModelRelations::metrics),
        relation(
            12,
            "lineage",
            "oid oid!, object text!, object_kind text!, input_oid oid!, input text!, input_kind text!",
            (s, out) ->
                s.catalog()
                    .objects()
                    .forEach(o -> {
                      for (int input : inputs(o)) {
                        CatalogObject from = s.catalog().find(input);
                        if (from != null) {
                          out.row(
                              (long) o.oid(),
                              o.name(),
                              kind(o),
                              (long) input,
                              from.name(),
                              kind(from));
                        }
                      }
                    })),
        relation(
            13,
            "model_state",
            "view_oid oid!, view text!, function text!, key jsonb!, rows_learned bigint!, warmup_left bigint!, last_time timestamptz!, state_bytes bigint!, resets bigint!, replayed_rows bigint!, forgotten_rows bigint!, non_finite bigint!, thresholds jsonb",
            (s, out) ->
                s.running()
                    .models()
                    .forEach(x ->
                        out.row(
                            (long) x.viewOid(),
                            x.view(),
                            x.function(),
                            x.key(),
                            x.learned(),
                            x.warmupLeft(),
                            x.lastMicros(),
                            x.stateBytes(),
                            x.resets(),
                            x.replayed(),
                            x.forgotten(),
                            x.nonFinite(),
                            x.thresholds()))));
  }

  private static List<Integer> inputs(CatalogObject object) {
    return switch (object) {
      case MaterializedViewObject x -> x.inputs();
      case LogicalViewObject x -> x.inputs();
      case SinkObject x -> x.inputs();
      case StreamObject x -> List.of();
      case TableObject x -> List.of();
    };
  }

  private static String kind(CatalogObject object) {
    return switch (object) {
      case MaterializedViewObject x -> x.model() == null ? "materialized view" : "model";
      case LogicalViewObject x -> "view";
      case SinkObject x -> "sink";
      case StreamObject x -> "stream";
      case TableObject x -> "table";
    };
  }

  private static String argument(ArgumentType type) {
    return switch (type) {
      case ArgumentType.Exact e -> e.type().displayName();
      case ArgumentType.AnyNumeric n -> "numeric";
      case ArgumentType.AnyElement n -> "anyelement";
      case ArgumentType.AnyArray n -> "anyarray";
      case ArgumentType.Any n -> "any";
    };
  }

  private static SystemRelation relation(
      int index, String name, String columns, SystemRelation.Rows rows) {
    return new SystemRelation(FIRST_OID + index, "aevum", name, RelationFile.schema(columns), rows);
  }
}
