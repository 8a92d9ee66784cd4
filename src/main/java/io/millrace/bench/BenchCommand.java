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

/** The command {@code bench}, which only has commands of its own. */
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
        footer = {"", "How each command measures is in docs/bench.md."})
public final class BenchCommand {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    /** A command line that this is part of, with what its commands need. */
    public static CommandLine configured(CommandLine commandLine) {
        return Choice.takenBy(commandLine)
                .registerConverter(Duration.class, new Durations())
                .setParameterExceptionHandler((wrong, _) -> wrongUsage(wrong))
                .setExecutionExceptionHandler((failure, command, _) -> {
                    PrintWriter err = command.getErr();
                    if (failure instanceof BenchException told) {
                        err.println(told.getMessage());
                    } else {
                        failure.printStackTrace(err);
                    }
                    err.flush();
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }

    /** The options are too many to be repeated: the error itself would scroll away. */
    private static int wrongUsage(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(wrong.getMessage());
        UnmatchedArgumentException.printSuggestions(wrong, err);
        err.print(command.getHelp().synopsisHeading() + command.getHelp().synopsis(0));
        err.println("'" + command.getCommandSpec().qualifiedName() + " --help' explains it.");
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }
}
