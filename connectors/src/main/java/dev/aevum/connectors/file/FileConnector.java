package dev.aevum.connectors.file;

import dev.aevum.connectors.format.RowFormat;
import dev.aevum.connectors.option.ConnectorErrors;
import dev.aevum.connectors.option.OptionSet;
import dev.aevum.connectors.spi.Connector;
import dev.aevum.connectors.spi.OptionDefinition;
import dev.aevum.connectors.spi.SinkSpec;
import dev.aevum.connectors.spi.SinkWriter;
import dev.aevum.connectors.spi.SourceReader;
import dev.aevum.connectors.spi.SourceSpec;
import dev.aevum.model.batch.Field;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.step.Position;
import dev.aevum.model.type.SimpleType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `connector = 'file'`: JSON lines and separated values in files of the server's machine.
public final class FileConnector implements Connector {
  private static final List<OptionDefinition> OPTIONS =
      OptionSet.join(
          List.of(
              new OptionDefinition(
                  "path",
                  true,
                  "",
                  "The file; for sources also a glob (`*`, `?`, `[...]`, `{a,b}`, `**`)."),
              new OptionDefinition(
                  "follow",
                  false,
                  "false",
                  "Sources: go on with new lines and new files instead of ending."),
              new OptionDefinition(
                  "poll_interval",
                  false,
                  "100 milliseconds",
                  "Sources with follow: how often to look for more."),
              new OptionDefinition(
                  "idle_after",
                  false,
                  "",
                  "Sources with follow: a file without new rows for so long does not hold the watermark back."),
              new OptionDefinition(
                  "changelog",
                  false,
                  "false",
                  "Sinks: begin each row with a field `op`, `insert` or `delete`.")),
          RowFormat.OPTIONS);
  private static final List<Field> HIDDEN =
      List.of(
          new Field("_source_partition", SimpleType.TEXT, false),
          new Field("_source_offset", SimpleType.BIGINT, false));

  @Override
  public String name() {
    return "file";
  }

  @Override
  public List<OptionDefinition> options() {
    return OPTIONS;
  }

  @Override
  public List<Field> hiddenColumns(Map<String, String> options) {
    return HIDDEN;
  }

  private OptionSet parse(Map<String, String> options) {
    return new OptionSet(name(), options, OPTIONS);
  }

  private FileReader.Settings settings(SourceSpec spec) {
    OptionSet options = parse(spec.options());
    return new FileReader.Settings(
        new FileSet(options.text("path")),
        RowFormat.of(options),
        options.flag("follow"),
        Math.max(1, options.duration("poll_interval").toMillis()));
  }

  private static List<Field> declared(SourceSpec spec) {
    return spec.schema().fields().subList(0, spec.schema().size() - HIDDEN.size());
  }

  @Override
  public void validateSource(SourceSpec spec) {
    FileReader.Settings settings = settings(spec);
    if (parse(spec.options()).has("changelog")) {
      throw ConnectorErrors.error(
          ErrorCode.INVALID_PARAMETER_VALUE, "option \"changelog\" is for sinks", null);
    }
    List<Field> declared = declared(spec);
    RowFormat.check(declared);
    if (parse(spec.options()).has("idle_after")) {
      parse(spec.options()).duration("idle_after");
    }
    settings.files().check(settings.follow());
    if (settings.format().header()) {
      FileReader.checkHeaders(settings, declared, spec.notNull());
    }
  }

  @Override
  public SourceReader openSource(
      SourceSpec spec, @Nullable Position from, @Nullable Position until) {
    return FileReader.open(spec, settings(spec), declared(spec).size(), from, until);
  }

  @Override
  public boolean replayable(Map<String, String> options) {
    return true;
  }

  @Override
  public void validateSink(SinkSpec spec) {
    FileSink.Settings settings = sinkSettings(spec);
    FileSink.validate(spec, settings);
  }

  @Override
  public SinkWriter openSink(SinkSpec spec) {
    return new FileSink(spec, sinkSettings(spec));
  }

  private FileSink.Settings sinkSettings(SinkSpec spec) {
    OptionSet options = parse(spec.options());
    for (String sourceOnly : List.of("follow", "poll_interval", "idle_after")) {
      if (options.has(sourceOnly)) {
        throw ConnectorErrors.error(
            ErrorCode.INVALID_PARAMETER_VALUE,
            "option \"" + sourceOnly + "\" is for sources",
            null);
      }
    }
    return new FileSink.Settings(
        options.text("path"), RowFormat.of(options), options.flag("changelog"));
  }
}
