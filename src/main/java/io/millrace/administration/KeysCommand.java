package io.millrace.administration;

import io.millrace.access.ApiKey;
import io.millrace.access.KeyStore;
import io.millrace.access.NewKey;
import io.millrace.access.Principals;
import io.millrace.command.CommandFailure;
import io.millrace.command.CommandLines;
import io.millrace.command.Output;
import io.millrace.event.HubException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code keys}. */
@Command(
        name = "keys",
        description = "Creates, lists, rotates and revokes API keys, on the hub's database.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        subcommands = {
            KeysCommand.Create.class,
            KeysCommand.ListAll.class,
            KeysCommand.Rotate.class,
            KeysCommand.Revoke.class
        },
        footer = {"", "docs/security.md says what keys are for."})
public final class KeysCommand {

    /** Who creates keys and rules with the commands, as their rows say. */
    static final String COMMAND = "command";

    /** What all have in common. */
    abstract static class Common implements Callable<Integer> {

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Shows this help.")
        private boolean help;

        @Mixin
        private DatabaseOptions database = new DatabaseOptions();

        @Option(names = "--output", paramLabel = "text|json", description = "How the result is written.")
        private Output output = Output.TEXT;

        @Spec
        @SuppressWarnings("NullAway.Init") // by picocli
        private CommandSpec spec;

        CommandSpec spec() {
            return spec;
        }

        Output output() {
            return output;
        }

        DatabaseOptions database() {
            return database;
        }

        /** Runs a check of the options; a refusal is wrong usage. */
        void require(Runnable check) {
            try {
                check.run();
            } catch (HubException wrong) {
                CommandLines.require(spec, false, wrong.detail());
            }
        }
    }

    @Command(name = "create", description = "Creates a key and prints it; it is never shown again.")
    static final class Create extends Common {

        @Option(names = "--principal", paramLabel = "User:NAME", required = true, description = "Who presents the key.")
        @SuppressWarnings("NullAway.Init") // by picocli
        private String principal;

        @Option(names = "--description", paramLabel = "TEXT", description = "What it is for.")
        private @Nullable String description;

        @Option(
                names = "--expires-in",
                paramLabel = "DURATION",
                description = "After how long it is no longer accepted, such as 90d; never, if not given.")
        private @Nullable Duration expiresIn;

        @Override
        public Integer call() {
            CommandLines.require(spec(), Principals.isUser(principal), "--principal: " + Principals.USER_RULE);
            return Printing.print(
                    spec(),
                    output(),
                    () -> database()
                            .with(jdbc -> new KeyStore(jdbc).create(principal, description, expiresIn, COMMAND)),
                    NewKey::key);
        }
    }

    @Command(name = "list", description = "Lists keys, also those that are no longer accepted.")
    static final class ListAll extends Common {

        @Option(names = "--principal", paramLabel = "User:NAME", description = "Only those of this one.")
        private @Nullable String principal;

        @Override
        public Integer call() {
            return Printing.print(
                    spec(),
                    output(),
                    () -> database().with(jdbc -> new KeyStore(jdbc).list(principal, "", Integer.MAX_VALUE)),
                    ListAll::text);
        }

        private static String text(List<ApiKey> keys) {
            return keys.stream().map(ListAll::line).collect(Collectors.joining(System.lineSeparator()));
        }

        private static String line(ApiKey key) {
            String end = key.revokedAt() != null
                    ? "revoked at " + key.revokedAt()
                    : key.expiresAt() == null ? "does not expire" : "until " + key.expiresAt();
            return key.id() + "  " + key.principal() + "  " + end
                    + (key.description() == null ? "" : "  " + key.description());
        }
    }

    @Command(
            name = "rotate",
            description = "Creates another key for the principal of one, which then expires, and prints it.")
    static final class Rotate extends Common {

        @Parameters(paramLabel = "ID", description = "The part of the key between the underscores.")
        @SuppressWarnings("NullAway.Init") // by picocli
        private String id;

        @Option(
                names = "--overlap",
                paramLabel = "DURATION",
                defaultValue = "1d",
                description = "How long the old key remains accepted.")
        @SuppressWarnings("NullAway.Init") // by picocli
        private Duration overlap;

        @Option(
                names = "--expires-in",
                paramLabel = "DURATION",
                description = "After how long the new key is no longer accepted; never, if not given.")
        private @Nullable Duration expiresIn;

        @Override
        public Integer call() {
            return Printing.print(
                    spec(),
                    output(),
                    () -> database()
                            .with(jdbc -> new KeyStore(jdbc).rotate(id, overlap, expiresIn, COMMAND))
                            .orElseThrow(() -> new CommandFailure(
                                    "there is no key " + id + ", or it is no longer accepted: create a new one")),
                    NewKey::key);
        }
    }

    @Command(name = "revoke", description = "Revokes a key; streams that were opened with it end within seconds.")
    static final class Revoke extends Common {

        @Parameters(paramLabel = "ID", description = "The part of the key between the underscores.")
        @SuppressWarnings("NullAway.Init") // by picocli
        private String id;

        @Override
        public Integer call() {
            return Printing.print(
                    spec(),
                    output(),
                    () -> {
                        if (!database().with(jdbc -> new KeyStore(jdbc).revoke(id))) {
                            throw new CommandFailure("there is no key " + id);
                        }
                        return id;
                    },
                    revoked -> revoked + " is revoked");
        }
    }
}
