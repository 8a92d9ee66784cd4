package io.millrace.command;

import io.millrace.client.HubUrl;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.PrintWriter;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** How command lines are parsed, and how their mistakes and failures are shown. */
public final class CommandLines {

    /** The environment variable with the key that clients of hubs present. */
    public static final String KEY = "MILLRACE_KEY";

    private CommandLines() {}

    /** Configures a command line with all its subcommands. */
    public static CommandLine configured(CommandLine commandLine) {
        return Choice.takenBy(commandLine, Output.class)
                .registerConverter(Duration.class, new Durations())
                .setParameterExceptionHandler((wrong, _) -> wrongUsage(wrong))
                .setExecutionExceptionHandler((failure, command, _) -> {
                    PrintWriter err = command.getErr();
                    if (failure instanceof CommandFailure known) {
                        err.println(known.getMessage());
                    } else {
                        failure.printStackTrace(err);
                    }
                    err.flush();
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }

    /** Otherwise Netty finds a logger that writes debug output to standard output, where only results belong. */
    public static void keepNettyQuiet() {
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    }

    /** Without a configuration, Logback would write everything to the standard output, where only results belong. */
    public static void logToStandardError() {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "io/millrace/command/logback.xml");
        }
    }

    /** Fails with a usage error if the condition does not hold. */
    public static void require(CommandSpec spec, boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    /**
     * The value of an option that is a hub's address; fails with a usage error. Clients present the key in
     * {@value #KEY}: an option would be seen by all users of the machine.
     */
    public static HubUrl url(CommandSpec spec, String option, String text) {
        try {
            return HubUrl.parse(text).presenting(System.getenv(KEY));
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), option + ": " + wrong.getMessage(), wrong);
        }
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
