package dev.aevum.cli.project;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Who may use whom. To be reviewed like an interface: an entry more is a coupling more.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FencesTest {
  /// What a part of the project may see of the project besides itself.
  private static final Map<String, List<String>> MAY_USE =
      Map.of(
          "model",
          List.of(),
          "parser",
          List.of("model.."),
          "planner",
          List.of("parser", "parser.statement", "parser.tree", "model.."),
          "executor",
          List.of("planner.plan..", "storage.state", "model.."),
          "storage",
          List.of("model.."),
          "connectors",
          List.of("model.."),
          "engine",
          List.of(
              "parser",
              "parser.statement",
              "parser.tree",
              "planner",
              "planner.catalog",
              "planner.explain",
              "planner.plan..",
              "executor.expression",
              "executor.function",
              "executor.kernel",
              "executor.query",
              "executor.spi",
              "executor.step",
              "storage.contents",
              "storage.durable",
              "storage.file",
              "storage.log",
              "storage.state",
              "connectors",
              "connectors.spi",
              "model.."),
          "wire",
          List.of("engine.api", "model.."),
          "cli",
          List.of(
              "parser..",
              "planner..",
              "executor..",
              "storage..",
              "connectors..",
              "engine..",
              "wire..",
              "model.."));

  /// Packages that alone may see a library, or a part of the JDK.
  private static final Map<String, List<String>> ONLY_PLACES =
      Map.ofEntries(
          Map.entry(
              "org.apache.calcite..",
              List.of(
                  "parser..",
                  "planner",
                  "planner.bind",
                  "planner.lower",
                  "planner.rel",
                  "planner.rex",
                  "planner.rule",
                  "planner.type")),
          Map.entry("org.rocksdb..", List.of("storage.rocksdb")),
          Map.entry("net.jpountz..", List.of("storage.log")),
          Map.entry("org.apache.kafka..", List.of("connectors.kafka")),
          Map.entry("com.fasterxml.jackson..", List.of("connectors.format")),
          Map.entry("io.netty..", List.of("wire.postgres", "wire.postgres.message")),
          Map.entry("java.sql..", List.of("cli..")),
          Map.entry("org.postgresql..", List.of("cli..")),
          Map.entry("org.jline..", List.of("cli.shell")),
          Map.entry("picocli..", List.of("cli..")),
          Map.entry("ch.qos.logback..", List.of("cli")),
          Map.entry(
              "org.apache.arrow..",
              List.of(
                  "model..",
                  "executor..",
                  "storage..",
                  "connectors..",
                  "engine..",
                  "wire..",
                  // Micro benchmarks make the columns that they run kernels over.
                  "cli.bench")),
          Map.entry(
              "java.lang.foreign..",
              List.of(
                  "model..",
                  "executor..",
                  "storage..",
                  // Decoders and generators write columns, the protocol reads them: that is what
                  // columns are.
                  "connectors.datagen..",
                  "connectors.format",
                  "wire.postgres.value",
                  "cli.bench")));

  private JavaClasses classes = new ClassFileImporter().importPaths(List.of());

  @BeforeAll
  void read() {
    // Libraries are known by name only: nothing about them is looked up.
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.aevum")
            // What only tests use may use everything.
            .that(resideOutsideOfPackage("dev.aevum.testing.."));
    assertThat(classes.size()).isGreaterThan(500);
  }

  private static String[] packages(List<String> names) {
    return names.stream().map(n -> "dev.aevum." + n).toArray(String[]::new);
  }

  private static JavaClass outermost(JavaClass c) {
    return c.getEnclosingClass().map(FencesTest::outermost).orElse(c);
  }

  /// What javac and tools write, not us.
  private static boolean isGenerated(JavaClass c) {
    String name = outermost(c).getSimpleName();
    return c.getPackageName().equals("dev.aevum.parser.grammar")
        && (name.startsWith("Grammar")
            || List.of("SimpleCharStream", "Token", "TokenMgrError", "ParseException")
                .contains(name));
  }

  @Test
  void partsUseOnlyWhatTheyMay() {
    MAY_USE.forEach((part, others) ->
        classes()
            .that()
            .resideInAPackage("dev.aevum." + part + "..")
            .should()
            .onlyDependOnClassesThat(
                resideOutsideOfPackage("dev.aevum..")
                    .or(resideInAnyPackage("dev.aevum." + part + ".."))
                    .or(resideInAnyPackage(packages(others))))
            .because("ARCHITECTURE.md says what " + part + " uses")
            .check(classes));
  }

  @Test
  void everyPartHasItsFence() {
    Set<String> parts =
        classes.stream()
            .map(c -> c.getPackageName().substring("dev.aevum.".length()).split("\\.")[0])
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(MAY_USE.keySet()).containsExactlyInAnyOrderElementsOf(parts);
  }

  @Test
  void librariesHaveTheirPlaces() {
    ONLY_PLACES.forEach((library, places) ->
        noClasses()
            .that()
            .resideOutsideOfPackages(packages(places))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(library)
            .because(library + " is for " + places)
            .check(classes));
  }

  @Test
  void onlyTheCommandLineEndsTheProcessAndReadsTheEnvironment() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.aevum.cli..")
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .orShould()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .check(classes);
  }

  @Test
  void timeAndChanceArePassedIn() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.aevum.cli..")
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(java.time.InstantSource.class, "system")
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .callConstructor(java.util.Random.class)
        .orShould()
        .callMethod(java.util.concurrent.ThreadLocalRandom.class, "current")
        .because("the same inputs and seed give the same bytes")
        .check(classes);
  }

  @Test
  void nobodySleepsOrPrintsTraces() {
    noClasses()
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", java.time.Duration.class)
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .check(classes);
  }

  @Test
  void staticFieldsAreFinal() {
    fields()
        .that()
        .areStatic()
        .and()
        .areDeclaredInClassesThat(
            com.tngtech.archunit.base.DescribedPredicate.describe("we wrote", c -> !isGenerated(c)))
        .and()
        // javac's switch tables and assertion flags.
        .haveNameNotContaining("$")
        .should()
        .beFinal()
        .check(classes);
  }

  @Test
  void packageNamesSayWhatIsInside() {
    Set<String> empty =
        Set.of("util", "utils", "common", "misc", "impl", "core", "helper", "helpers");
    assertThat(classes.stream().map(JavaClass::getPackageName).collect(Collectors.toSet()))
        .allSatisfy(
            name -> assertThat(List.of(name.split("\\."))).doesNotContainAnyElementsOf(empty));
  }

  @Test
  void packagesFormNoCircles() {
    Map<String, Set<String>> uses = new TreeMap<>();
    for (JavaClass c : classes) {
      for (Dependency d : c.getDirectDependenciesFromSelf()) {
        String from = c.getPackageName();
        String to = d.getTargetClass().getPackageName();
        if (to.startsWith("dev.aevum.") && !to.equals(from)) {
          uses.computeIfAbsent(from, k -> new TreeSet<>()).add(to);
        }
      }
    }
    Set<Set<String>> circles = new java.util.HashSet<>();
    for (String start : uses.keySet()) {
      Set<String> circle = new TreeSet<>();
      for (String other : reachable(start, uses)) {
        if (reachable(other, uses).contains(start)) {
          circle.add(other.substring("dev.aevum.".length()));
        }
      }
      if (!circle.isEmpty()) {
        circles.add(circle);
      }
    }
    assertThat(circles).isEmpty();
  }

  private static Set<String> reachable(String start, Map<String, Set<String>> uses) {
    Set<String> found = new TreeSet<>();
    java.util.ArrayDeque<String> open =
        new java.util.ArrayDeque<>(uses.getOrDefault(start, Set.of()));
    while (!open.isEmpty()) {
      String next = open.poll();
      if (found.add(next)) {
        open.addAll(uses.getOrDefault(next, Set.of()));
      }
    }
    return found;
  }
}
