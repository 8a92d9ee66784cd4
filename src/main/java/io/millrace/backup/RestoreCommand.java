package io.millrace.backup;

import io.millrace.command.CommandLines;
import io.millrace.command.Output;
import io.millrace.embeddedpostgres.Restore;
import io.millrace.embeddedpostgres.Restore.Restored;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code restore}. */
@Command(
        name = "restore",
        description = "Makes the data of a hub's embedded PostgreSQL from a backup, which is checked before.",
        showDefaultValues = true,
        sortOptions = false,
        footer = {"", "docs/backup.md says what clients see afterwards."})
public final class RestoreCommand implements Callable<Integer> {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    @Option(
            names = "--from",
            paramLabel = "DIRECTORY",
            required = true,
            description = "What the command backup has written.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private Path from;

    @Option(
            names = "--home",
            paramLabel = "DIRECTORY",
            defaultValue = "${env:MILLRACE_HOME:-./data}",
            description = "The hub's millrace.home, which no hub may use meanwhile.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private Path home;

    @Option(
            names = "--replace",
            description = "Moves data that the home has aside, into replaced-1 and so on; they are not deleted.")
    private boolean replace;

    @Option(names = "--output", paramLabel = "text|json", description = "How the result is written.")
    private Output output = Output.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    /** Configures a command line that contains this command. */
    public static CommandLine configured(CommandLine commandLine) {
        return CommandLines.configured(commandLine);
    }

    @Override
    public Integer call() {
        return Results.print(spec, output, () -> Restore.into(from, home, replace), this::sentence);
    }

    private String sentence(Restored restored) {
        return "%s: as of %s, PostgreSQL %s%s"
                .formatted(
                        home,
                        restored.backup().finishedAt(),
                        restored.backup().postgresVersion(),
                        restored.replaced() == null ? "" : "; the previous data are in " + restored.replaced());
    }
}
