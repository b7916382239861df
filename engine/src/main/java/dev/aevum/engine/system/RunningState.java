package dev.aevum.engine.system;

import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.executor.spi.ModelSummary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The state of the running server, as values: what the `aevum.*` relations and `pg_stat_activity`
/// show.
public interface RunningState {
  List<SourceState> sources();

  List<ViewState> views();

  List<OperatorState> operators();

  List<ModelRow> models();

  List<SinkState> sinks();

  List<SessionState> sessions();

  List<ErrorRow> errors();

  List<StepState> steps();

  List<Metric> metrics();

  List<ModelState> learnedModels();

  /// Microseconds since 1970 UTC when the server started.
  long startMicros();

  record SourceState(
      int oid,
      String name,
      String connector,
      String state,
      @Nullable String reason,
      String position,
      long rows,
      long badRows,
      long lag,
      @Nullable Long watermarkMicros) {}

  record ViewState(
      int oid,
      String name,
      String state,
      @Nullable String reason,
      long step,
      long rows,
      long stateBytes,
      long lateRows,
      long errors,
      @Nullable Long watermarkMicros) {}

  record OperatorState(
      int viewOid,
      String view,
      int operator,
      String name,
      int worker,
      long rowsIn,
      long rowsOut,
      long nanos,
      long stateBytes,
      @Nullable Long stateKeys,
      @Nullable Long stateRows,
      @Nullable Long oldestMicros) {}

  record ModelRow(
      int viewOid,
      String view,
      String function,
      String key,
      long learned,
      long warmupLeft,
      long lastMicros,
      long stateBytes,
      long resets,
      long replayed,
      long forgotten,
      long nonFinite,
      @Nullable String thresholds) {}

  record SinkState(
      int oid,
      String name,
      String connector,
      String state,
      @Nullable String reason,
      long committedStep,
      long lagSteps,
      long rows) {}

  record SessionState(
      int processId,
      String user,
      String database,
      String applicationName,
      @Nullable String clientAddress,
      long startMicros,
      @Nullable Long queryStartMicros,
      @Nullable Long transactionStartMicros,
      long stateChangeMicros,
      String state,
      String query) {}

  record ErrorRow(
      long timeMicros,
      String object,
      String objectKind,
      @Nullable String operator,
      @Nullable Long step,
      @Nullable String sourcePartition,
      @Nullable Long sourceOffset,
      String sqlState,
      String message,
      @Nullable String rowText) {}

  /// A partition of a model that has learned, or the model itself (`summary` null) before that.
  record ModelState(
      MaterializedViewObject model,
      String state,
      @Nullable String partition,
      @Nullable ModelSummary summary,
      long bytes) {}

  record StepState(
      long step,
      long timeMicros,
      long rowsIn,
      long rowsOut,
      long micros,
      long syncMicros,
      long frameBytes) {}

  record Metric(String name, String labels, double value) {}
}
