package io.millrace.backup;

import io.millrace.command.CommandLines;
import io.millrace.command.Output;
import io.millrace.embeddedpostgres.Backup;
import io.millrace.embeddedpostgres.BackupInfo;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code backup}. */
@Command(
        name = "backup",
        description = "Copies the data of a hub's embedded PostgreSQL, whether the hub runs or not.",
        showDefaultValues = true,
        sortOptions = false,
        footer = {"", "docs/backup.md says what a restore means, and how to back up a PostgreSQL of your own."})
public final class BackupCommand implements Callable<Integer> {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    @Option(
            names = "--to",
            paramLabel = "DIRECTORY",
            required = true,
            description = "The backup. It must not exist yet; it appears when it is complete.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private Path to;

    @Option(
            names = "--home",
            paramLabel = "DIRECTORY",
            defaultValue = "${env:MILLRACE_HOME:-./data}",
            description = "The hub's millrace.home.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private Path home;

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
        return Results.print(spec, output, () -> Backup.make(home, to, version()), this::sentence);
    }

    /** That of the whole command line; empty if this command is alone. */
    private String version() {
        return Arrays.stream(spec.root().version())
                .findFirst()
                .map(text -> text.substring(text.indexOf(' ') + 1))
                .orElse("");
    }

    private String sentence(BackupInfo backup) {
        return "%s: %d files, %d MB, PostgreSQL %s, up to %s of timeline %d"
                .formatted(
                        to,
                        backup.files(),
                        backup.bytes() / 1_000_000,
                        backup.postgresVersion(),
                        backup.wal().end(),
                        backup.wal().timeline());
    }
}
