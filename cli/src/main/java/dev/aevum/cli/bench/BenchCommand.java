package dev.aevum.cli.bench;

import picocli.CommandLine.Command;

/// `aevum bench ...`.
@Command(
    name = "bench",
    description = "Measures.",
    mixinStandardHelpOptions = true,
    subcommands = {
      NexmarkCommand.class,
      CoreCommand.class,
      MatchCommand.class,
      NabCommand.class,
      AnalyticsCommand.class,
      MicroCommand.class
    })
public final class BenchCommand {}
