package io.millrace.bench;

import io.millrace.bench.command.Choices;
import io.millrace.bench.command.ConsumeCommand;
import io.millrace.bench.command.FanOutCommand;
import io.millrace.bench.command.GroupsCommand;
import io.millrace.bench.command.IdleCommand;
import io.millrace.bench.command.LatencyCommand;
import io.millrace.bench.command.ProduceCommand;
import io.millrace.command.CommandLines;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code bench}, which only groups its subcommands. */
@Command(
        name = "bench",
        description = "Measures a hub.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ProduceCommand.class,
            ConsumeCommand.class,
            FanOutCommand.class,
            LatencyCommand.class,
            GroupsCommand.class,
            IdleCommand.class
        },
        footer = {
            "",
            "The environment variable MILLRACE_KEY has the API key for a hub that asks for one.",
            "docs/bench.md explains how each command measures."
        })
public final class BenchCommand {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    /** Configures a command line that contains this command. */
    public static CommandLine configured(CommandLine commandLine) {
        return Choices.takenBy(CommandLines.configured(commandLine));
    }
}
