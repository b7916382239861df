package dev.aevum.cli.bench;

import com.sun.management.ThreadMXBean;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `aevum bench micro`: parts of the step path, each alone, on one thread.
///
/// Each case runs in processes of its own (`--forks`), so that one does not profit or suffer from
/// what the compiler learnt of another. A process warms up for `--warmup` seconds, then measures
/// `--rounds` rounds of half a second. A round's figure is processor time of the thread over rows,
/// so a busy machine counts little; the printed one is the middle of all rounds of all processes,
/// with the least and the greatest beside it. Bytes are what the thread allocated on the heap.
@Command(name = "micro", description = "Parts of the step path.", mixinStandardHelpOptions = true)
final class MicroCommand implements Callable<Integer> {
  private static final long ROUND_NANOS = 500_000_000L;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--cases",
      split = ",",
      description = "Such as json-decode,row-encode (default: all).")
  private List<String> cases = MicroCases.NAMES;

  @Option(
      names = "--forks",
      defaultValue = "3",
      description = "Processes a case; 0: in this one (default: ${DEFAULT-VALUE}).")
  private int forks;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Rounds a process (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--warmup",
      defaultValue = "5",
      description = "Seconds of warm-up (default: ${DEFAULT-VALUE}).")
  private int warmup;

  /// What a round cost a row.
  record Round(double nanos, double bytes) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    for (String name : cases) {
      if (!MicroCases.NAMES.contains(name)) {
        throw new SqlException(
            ErrorCode.INVALID_PARAMETER_VALUE,
            "there is no case \"" + name + "\"",
            null,
            "Cases: " + String.join(", ", MicroCases.NAMES) + ".",
            null,
            null);
      }
      if (forks == 0) {
        measure(name).forEach(r -> out.println(r.nanos() + " " + r.bytes()));
      } else {
        List<Round> all = new ArrayList<>();
        for (int fork = 0; fork < forks; fork++) {
          all.addAll(forked(name));
        }
        report(out, name, all);
      }
      out.flush();
    }
    return 0;
  }

  private List<Round> measure(String name) {
    try (MicroCases.Case running = MicroCases.open(name)) {
      run(running, warmup * 1_000_000_000L);
      List<Round> all = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        all.add(run(running, ROUND_NANOS));
      }
      return all;
    }
  }

  private static Round run(MicroCases.Case running, long nanos) {
    ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    long bytes = threads.getCurrentThreadAllocatedBytes();
    long cpu = threads.getCurrentThreadCpuTime();
    long rows = 0;
    long used = 0;
    while (used < nanos) {
      rows += running.run();
      used = threads.getCurrentThreadCpuTime() - cpu;
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - bytes;
    return new Round((double) used / rows, (double) allocated / rows);
  }

  private List<Round> forked(String name) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.aevum.cli.Main"));
    command.addAll(List.of("bench", "micro", "--forks", "0", "--cases", name));
    command.addAll(List.of("--rounds", "" + rounds, "--warmup", "" + warmup));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("the process of case " + name + " failed: " + text);
    }
    List<Round> all = new ArrayList<>();
    for (String line : text.strip().split("\n")) {
      String[] figures = line.split(" ");
      all.add(new Round(Double.parseDouble(figures[0]), Double.parseDouble(figures[1])));
    }
    return all;
  }

  private static void report(PrintWriter out, String name, List<Round> all) {
    double[] nanos = all.stream().mapToDouble(Round::nanos).sorted().toArray();
    double[] bytes = all.stream().mapToDouble(Round::bytes).sorted().toArray();
    out.printf(
        Locale.ROOT,
        "%-18s ns/row=%.1f least=%.1f greatest=%.1f heap_bytes/row=%.2f rounds=%d%n",
        name,
        middle(nanos),
        Arrays.stream(nanos).min().orElseThrow(),
        Arrays.stream(nanos).max().orElseThrow(),
        middle(bytes),
        nanos.length);
  }

  private static double middle(double[] sorted) {
    return sorted[sorted.length / 2];
  }
}
