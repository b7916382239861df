package dev.aevum.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.connectors.Connectors;
import dev.aevum.connectors.spi.Connector;
import dev.aevum.connectors.spi.OptionDefinition;
import dev.aevum.engine.setting.SettingDefinition;
import dev.aevum.engine.setting.SettingDefinitions;
import dev.aevum.engine.system.SystemCatalog;
import dev.aevum.engine.system.SystemRelation;
import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.model.batch.Field;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.FunctionSignature.ArgumentType;
import dev.aevum.planner.plan.function.LearningSignature;
import dev.aevum.planner.plan.function.SequenceFrame;
import dev.aevum.planner.plan.function.SequenceSignature;
import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Reference pages whose tables are generated from definitions. Run with `-Daevum.docs.write=true`
/// to write them again; otherwise the pages must be as they would be written.
class ReferencePagesTest {
  private static final String BEGIN = "<!-- generated -->\n";
  private static final String END = "<!-- end -->";

  @Test
  void settings() throws IOException {
    StringBuilder out = new StringBuilder();
    out.append("| setting | default | values | what it does |\n| --- | --- | --- | --- |\n");
    for (SettingDefinition d : SettingDefinitions.all()) {
      out.append("| `").append(d.name()).append("` | ");
      out.append(d.defaultValue().isEmpty() ? "" : "`" + d.defaultValue() + "`").append(" | ");
      out.append(values(d)).append(" | ").append(cell(d.description())).append(" |\n");
    }
    check("docs/reference/settings.md", out.toString());
  }

  private static String values(SettingDefinition d) {
    String values =
        switch (d.kind()) {
          case BOOL -> "on, off";
          case INTEGER -> d.min() + " to " + d.max() + (d.unit() == null ? "" : " " + d.unit());
          case REAL -> "a number";
          case ENUM -> String.join(", ", d.choices());
          case STRING -> "text";
        };
    return d.settable() ? values : "read-only";
  }

  @Test
  void connectors() throws IOException {
    StringBuilder out = new StringBuilder();
    for (Connector connector : new Connectors(InstantSource.system()).all()) {
      out.append("## ").append(connector.name()).append("\n\n");
      if (connector.options().isEmpty()) {
        out.append("No options.\n\n");
        continue;
      }
      out.append("| option | default | |\n| --- | --- | --- |\n");
      for (OptionDefinition o : connector.options()) {
        out.append("| `").append(o.name()).append("` | ");
        out.append(
            o.required()
                ? "required"
                : o.defaultValue().isEmpty() ? "" : "`" + o.defaultValue() + "`");
        out.append(" | ").append(cell(o.description())).append(" |\n");
      }
      out.append('\n');
    }
    check("docs/reference/connectors.md", out.toString());
  }

  @Test
  void systemRelations() throws IOException {
    String page = ProjectFiles.read("docs/reference/system-relations.md");
    StringBuilder out = new StringBuilder();
    List<SystemRelation> relations =
        SystemCatalog.relations().all().stream()
            .filter(r -> r.schemaName().equals("aevum"))
            .sorted(Comparator.comparing(SystemRelation::name))
            .toList();
    out.append("| relation | columns |\n| --- | --- |\n");
    for (SystemRelation relation : relations) {
      out.append("| `aevum.").append(relation.name()).append("` | ");
      out.append(
          relation.schema().fields().stream()
              .map(ReferencePagesTest::column)
              .collect(Collectors.joining(", ")));
      out.append(" |\n");
      assertThat(page.substring(0, page.indexOf(BEGIN)))
          .as("described")
          .contains("`aevum." + relation.name() + "`");
    }
    check("docs/reference/system-relations.md", out.toString());
  }

  private static String column(Field field) {
    return "`" + field.name() + "` " + field.type().displayName();
  }

  @Test
  void functions() throws IOException {
    StringBuilder out = new StringBuilder();
    out.append("| function | kind | what it does | example |\n| --- | --- | --- | --- |\n");
    FunctionRegistry.standard().all().stream()
        .filter(f -> Character.isLetter(f.name().charAt(0)) && !f.description().isEmpty())
        .map(f ->
            "| `"
                + call(f)
                + "` | "
                + f.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + " | "
                + cell(f.description())
                + " | "
                + (f.example().isEmpty() ? "" : "`" + cell(f.example()) + "`")
                + " |\n")
        .sorted()
        .distinct()
        .forEach(out::append);
    sequenceFunctions(out);
    check("docs/reference/functions.md", out.toString());
  }

  @Test
  void models() throws IOException {
    StringBuilder out = new StringBuilder();
    for (LearningSignature a : FunctionRegistry.standard().algorithms()) {
      out.append("## ").append(a.name()).append("\n\n").append(cell(a.description()));
      out.append(" Task: ").append(a.task().words());
      out.append(".\n\n| option | default | values | |\n| --- | --- | --- | --- |\n");
      a.options().forEach(o -> option(o, out));
      out.append('\n');
    }
    check("docs/reference/models.md", out.toString());
  }

  private static void option(SequenceSignature.Option o, StringBuilder out) {
    out.append("| `").append(o.name()).append("` | ").append(cell(o.fallback())).append(" | ");
    out.append(cell(o.range())).append(" | ").append(cell(o.description())).append(" |\n");
  }

  private static void sequenceFunctions(StringBuilder out) {
    out.append(
        """

        ## Sequence functions

        Called as `f(x, option => value) OVER (PARTITION BY key ORDER BY ts)`: each row's result is made from
        the rows of its key up to it, in the order of event time. The result is a composite value:
        `(f(x) OVER w).column` takes one of its columns.

        Every function knows these options; they say how the models are kept.

        | option | default | values | |
        | --- | --- | --- | --- |
        """);
    SequenceFrame.OPTIONS.forEach(o -> option(o, out));
    FunctionRegistry.standard().sequences().stream()
        .sorted(Comparator.comparing(SequenceSignature::name))
        .forEach(f -> sequenceFunction(f, out));
  }

  private static void sequenceFunction(SequenceSignature f, StringBuilder out) {
    out.append("\n### ").append(f.name()).append("\n\n").append(cell(f.description()));
    out.append("\n\nValues: ").append(f.leastArguments());
    if (f.mostArguments() == Integer.MAX_VALUE) {
      out.append(" or more");
    } else if (f.mostArguments() > f.leastArguments()) {
      out.append(" to ").append(f.mostArguments());
    }
    out.append(". Result: ");
    out.append(
        f.columns().stream().map(ReferencePagesTest::column).collect(Collectors.joining(", ")));
    out.append(".\n\n| option | default | values | |\n| --- | --- | --- | --- |\n");
    f.options().stream().filter(o -> !SequenceFrame.has(o.name())).forEach(o -> option(o, out));
  }

  private static String call(FunctionSignature f) {
    return f.name()
        + "("
        + f.arguments().stream().map(ReferencePagesTest::argument).collect(Collectors.joining(", "))
        + (f.variadic() ? ", ..." : "")
        + ")";
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

  /// Text inside a table.
  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }

  private static void check(String path, String generated) throws IOException {
    String page = ProjectFiles.read(path);
    int from = page.indexOf(BEGIN) + BEGIN.length();
    int to = page.indexOf(END, from);
    assertThat(to).as(path + " has a generated part").isGreaterThan(from - 1);
    String wanted =
        page.substring(0, from) + "\n" + generated.strip() + "\n\n" + page.substring(to);
    if (Boolean.getBoolean("aevum.docs.write")) {
      Files.writeString(ProjectFiles.root().resolve(path), wanted);
    } else {
      assertThat(page)
          .as(path + " (write it again with -Daevum.docs.write=true)")
          .isEqualTo(wanted);
    }
  }
}
