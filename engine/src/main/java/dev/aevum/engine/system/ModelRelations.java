package dev.aevum.engine.system;

import dev.aevum.engine.system.RunningState.ModelState;
import dev.aevum.executor.spi.ModelSummary;
import dev.aevum.executor.spi.ModelSummary.ModelFigure;
import dev.aevum.model.batch.Field;
import dev.aevum.planner.plan.ModelSpec;
import java.util.List;
import java.util.stream.Collectors;

/// `aevum.models` and `aevum.model_metrics`.
final class ModelRelations {
  static final String MODELS =
      "oid oid!, schema text!, name text!, partition text, algorithm text!, task text!, target text, features text!, partition_by text, state text!, rows_learned bigint!, rows_skipped bigint!, retractions bigint!, last_time timestamptz, state_bytes bigint!";

  static final String METRICS =
      "model text!, schema text!, partition text, scope text!, rows bigint!, metric text!, value float8, trivial float8";

  private ModelRelations() {}

  static void models(SystemSnapshot s, SystemRelation.RowConsumer out) {
    for (ModelState x : s.running().learnedModels()) {
      ModelSpec spec = java.util.Objects.requireNonNull(x.model().model());
      ModelSummary p = x.summary();
      out.row(
          (long) x.model().oid(),
          x.model().schemaName(),
          x.model().name(),
          x.partition(),
          spec.algorithm(),
          spec.task().words(),
          spec.target() == null ? null : spec.target().name(),
          names(spec.features()),
          spec.partition().isEmpty() ? null : names(spec.partition()),
          x.state(),
          p == null ? 0L : p.learned(),
          p == null ? 0L : p.skipped(),
          p == null ? 0L : p.retracted(),
          p == null ? null : p.lastMicros(),
          x.bytes());
    }
  }

  private static String names(List<Field> fields) {
    return fields.stream().map(Field::name).collect(Collectors.joining(", "));
  }

  static void metrics(SystemSnapshot s, SystemRelation.RowConsumer out) {
    for (ModelState x : s.running().learnedModels()) {
      List<ModelFigure> figures = x.summary() == null ? List.of() : x.summary().figures();
      for (ModelFigure f : figures) {
        out.row(
            x.model().name(),
            x.model().schemaName(),
            x.partition(),
            f.scope(),
            f.rows(),
            f.metric(),
            f.value(),
            f.trivial());
      }
    }
  }
}
