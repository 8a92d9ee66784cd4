package io.millrace;

import io.millrace.administration.AclsCommand;
import io.millrace.administration.KeysCommand;
import io.millrace.administration.QuotasCommand;
import io.millrace.backup.BackupCommand;
import io.millrace.backup.RestoreCommand;
import io.millrace.bench.BenchCommand;
import io.millrace.verify.VerifyCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** The command line except for starting the hub, which {@link MillraceApplication} does without this class. */
@Command(
        name = "millrace",
        description = "An event hub: Kafka's model over HTTP, WebSocket and SSE, with the log in PostgreSQL.",
        synopsisSubcommandLabel = "[COMMAND]",
        mixinStandardHelpOptions = true,
        versionProvider = MillraceCommand.Version.class,
        subcommands = {
            MillraceCommand.Serve.class,
            BackupCommand.class,
            RestoreCommand.class,
            KeysCommand.class,
            AclsCommand.class,
            QuotasCommand.class,
            BenchCommand.class,
            VerifyCommand.class
        },
        footer = {"", "Without a command, the hub starts."})
final class MillraceCommand {

    private MillraceCommand() {}

    /** @return the process's exit code: 0, 1 for a failure, 2 for wrong usage */
    static int execute(String... arguments) {
        return AclsCommand.configured(
                        VerifyCommand.configured(BenchCommand.configured(new CommandLine(new MillraceCommand()))))
                .execute(arguments);
    }

    /** Exists for its help only: Spring Boot parses what follows {@code serve}. */
    @Command(
            name = "serve",
            description = "Starts the hub; the default.",
            customSynopsis = "millrace serve [--<setting>=<value>...]",
            footer = {"", "docs/configuration.md lists every setting, such as --server.port=8080."})
    static final class Serve {

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Shows this help.")
        private boolean help;
    }

    /** For {@code --version}. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"millrace " + MillraceVersion.get()};
        }
    }
}
