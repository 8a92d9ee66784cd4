package io.millrace.bench;

import io.millrace.bench.command.Choice;
import io.millrace.bench.command.ConsumeCommand;
import io.millrace.bench.command.Durations;
import io.millrace.bench.command.FanOutCommand;
import io.millrace.bench.command.GroupsCommand;
import io.millrace.bench.command.IdleCommand;
import io.millrace.bench.command.LatencyCommand;
import io.millrace.bench.command.ProduceCommand;
import io.millrace.bench.run.BenchException;
import java.io.PrintWriter;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

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
        footer = {"", "docs/bench.md explains how each command measures."})
public final class BenchCommand {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    /** Configures a command line that contains this command. */
    public static CommandLine configured(CommandLine commandLine) {
        return Choice.takenBy(commandLine)
                .registerConverter(Duration.class, new Durations())
                .setParameterExceptionHandler((wrong, _) -> wrongUsage(wrong))
                .setExecutionExceptionHandler((failure, command, _) -> {
                    PrintWriter err = command.getErr();
                    if (failure instanceof BenchException known) {
                        err.println(known.getMessage());
                    } else {
                        failure.printStackTrace(err);
                    }
                    err.flush();
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }

    /** Does not print all options: there are so many that the error would scroll away. */
    private static int wrongUsage(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(wrong.getMessage());
        UnmatchedArgumentException.printSuggestions(wrong, err);
        err.print(command.getHelp().synopsisHeading() + command.getHelp().synopsis(0));
        err.println("'" + command.getCommandSpec().qualifiedName() + " --help' shows all options.");
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }
}
