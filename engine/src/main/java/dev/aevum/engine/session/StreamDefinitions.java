package dev.aevum.engine.session;

import dev.aevum.connectors.spi.Connector;
import dev.aevum.engine.catalog.CatalogObject.Identity;
import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.catalog.ColumnInfo;
import dev.aevum.engine.source.Durations;
import dev.aevum.engine.step.Ordinals;
import dev.aevum.model.batch.Field;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.parser.statement.ColumnDefinition;
import dev.aevum.parser.statement.CreateStreamStatement;
import dev.aevum.parser.statement.Option;
import dev.aevum.parser.statement.WatermarkDefinition;
import dev.aevum.parser.tree.Spans;
import dev.aevum.parser.tree.StatementText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// CREATE STREAM: columns, watermark, connector and its options.
final class StreamDefinitions {
  private static final Set<String> OWN_OPTIONS = Set.of("retention");

  private final SessionImpl session;
  private final StatementText text;

  StreamDefinitions(SessionImpl session, StatementText text) {
    this.session = session;
    this.text = text;
  }

  StreamObject stream(CreateStreamStatement s, Identity identity) {
    if (!s.constraints().isEmpty()) {
      throw noKey(s.constraints().getFirst().span());
    }
    for (ColumnDefinition c : s.columns()) {
      if (c.primaryKey() || c.unique()) {
        throw noKey(c.span());
      }
    }
    Map<String, String> options = new LinkedHashMap<>();
    String connector = null;
    for (Option option : s.options().entries()) {
      if (option.name().equals("connector")) {
        connector = option.value().text();
      } else {
        options.put(option.name(), option.value().text());
      }
    }
    List<ColumnInfo> columns =
        new ArrayList<>(new ColumnDefinitions(session, text).columns(s.columns()));
    long retention = -1;
    if (connector == null) {
      retention = ownOptions(s, options);
      if (retention != 0) {
        columns.add(Ordinals.column());
      }
    } else {
      Connector found = connector(connector, s);
      for (Field hidden : found.hiddenColumns(options)) {
        columns.add(
            new ColumnInfo(hidden.name(), hidden.type(), !hidden.nullable(), null, true, null));
      }
    }
    WatermarkDefinition watermark = s.watermark();
    int watermarkColumn = -1;
    String watermarkSql = null;
    if (watermark != null) {
      watermarkColumn = index(columns, watermark);
      watermarkSql = text.of(watermark.expression());
    }
    StreamObject stream =
        new StreamObject(
            identity, columns, connector, options, watermarkColumn, watermarkSql, retention);
    checkWatermark(stream, watermark);
    if (connector != null) {
      session
          .runtime()
          .connectors()
          .get(connector)
          .validateSource(session.runtime().sources().spec(stream, Set.of()));
    }
    return stream;
  }

  private void checkWatermark(StreamObject stream, @Nullable WatermarkDefinition watermark) {
    try {
      session.runtime().infos().of(stream);
    } catch (SqlException e) {
      // The position counts from the expression's own text.
      throw watermark == null ? e : e.at(Spans.of(watermark.expression()));
    }
  }

  private static SqlException noKey(dev.aevum.model.error.SourceSpan span) {
    return new SqlException(
            ErrorCode.INVALID_TABLE_DEFINITION, "a stream cannot have keys or constraints")
        .withHint("Rows of a stream are never changed. Use CREATE TABLE for rows with a key.")
        .at(span);
  }

  private Connector connector(String name, CreateStreamStatement s) {
    try {
      return session.runtime().connectors().get(name);
    } catch (SqlException e) {
      Option option = s.options().find("connector");
      throw option == null ? e : e.at(option.value().span());
    }
  }

  /// Retention in microseconds of a stream without connector.
  private static long ownOptions(CreateStreamStatement s, Map<String, String> options) {
    for (Option option : s.options().entries()) {
      if (!OWN_OPTIONS.contains(option.name())) {
        throw new SqlException(
                ErrorCode.INVALID_PARAMETER_VALUE,
                "option \"" + option.name() + "\" does not exist for a stream without connector")
            .withHint("Options: retention. Name a connector with connector = '...'.")
            .at(option.nameSpan());
      }
    }
    String retention = options.get("retention");
    if (retention == null) {
      return -1;
    }
    return retention.equals("none") ? 0 : Durations.micros("retention", retention);
  }

  private static int index(List<ColumnInfo> columns, WatermarkDefinition watermark) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(watermark.column().text())) {
        return i;
      }
    }
    throw new SqlException(
            ErrorCode.UNDEFINED_COLUMN,
            "column \"" + watermark.column().text() + "\" named in WATERMARK FOR does not exist")
        .at(watermark.column().span());
  }

  /// Says what a user may not expect of the new stream.
  void announce(@Nullable StreamObject stream) {
    if (stream != null
        && stream.connector() != null
        && !session.runtime().connectors().get(stream.connector()).replayable(stream.options())) {
      session.notice(
          "NOTICE",
          ErrorCode.WARNING,
          "stream \""
              + stream.name()
              + "\" cannot be read again: a view sees its rows from the view's creation on",
          null);
    }
  }
}
