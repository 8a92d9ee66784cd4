package io.millrace.administration;

import io.millrace.access.Quota;
import io.millrace.access.QuotaAdmin;
import io.millrace.access.QuotaStore;
import io.millrace.administration.KeysCommand.Common;
import io.millrace.command.CommandFailure;
import io.millrace.security.Quotas.Kind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code quotas}. */
@Command(
        name = "quotas",
        description = "Sets, lists and removes how much users may do in a second, on the hub's database.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        subcommands = {QuotasCommand.SetOne.class, QuotasCommand.ListAll.class, QuotasCommand.Remove.class},
        footer = {"", "docs/security.md says how they are counted."})
public final class QuotasCommand {

    @Command(
            name = "set",
            description = "Sets a user's quota, instead of what it had. What is not given is not limited.")
    static final class SetOne extends Common {

        @Option(
                names = "--principal",
                paramLabel = "PRINCIPAL",
                required = true,
                description = "User:NAME, or User:* for each user without a quota of its own.")
        @SuppressWarnings("NullAway.Init") // by picocli
        private String principal;

        @Option(names = "--requests", paramLabel = "N", description = "Requests a second.")
        private @Nullable Long requests;

        @Option(names = "--connections", paramLabel = "N", description = "New connections a second.")
        private @Nullable Long connections;

        @Option(names = "--produced-bytes", paramLabel = "N", description = "Bytes a second that it stores.")
        private @Nullable Long producedBytes;

        @Option(names = "--consumed-bytes", paramLabel = "N", description = "Bytes a second that it is sent.")
        private @Nullable Long consumedBytes;

        @Override
        public Integer call() {
            Map<Kind, Long> perSecond = new EnumMap<>(Kind.class);
            for (Kind kind : Kind.values()) {
                Long value = given(kind);
                if (value != null) {
                    perSecond.put(kind, value);
                }
            }
            require(() -> QuotaAdmin.check(principal, perSecond));
            return Printing.print(
                    spec(),
                    output(),
                    () -> database().with(jdbc -> {
                        new QuotaStore(jdbc).set(principal, perSecond, KeysCommand.COMMAND);
                        return perSecond;
                    }),
                    set -> principal + "  " + text(set));
        }

        private @Nullable Long given(Kind kind) {
            return switch (kind) {
                case REQUESTS -> requests;
                case CONNECTIONS -> connections;
                case PRODUCED_BYTES -> producedBytes;
                case CONSUMED_BYTES -> consumedBytes;
            };
        }
    }

    @Command(name = "list", description = "Lists quotas by principal.")
    static final class ListAll extends Common {

        @Override
        public Integer call() {
            return Printing.print(
                    spec(),
                    output(),
                    () -> database().with(jdbc -> new QuotaStore(jdbc).list("", Integer.MAX_VALUE)),
                    ListAll::lines);
        }

        private static String lines(List<Quota> quotas) {
            return quotas.stream()
                    .map(quota -> quota.principal() + "  " + text(quota.perSecond()))
                    .collect(Collectors.joining(System.lineSeparator()));
        }
    }

    @Command(name = "remove", description = "Removes a user's quota.")
    static final class Remove extends Common {

        @Parameters(paramLabel = "PRINCIPAL", description = "The user, as quotas list shows it.")
        @SuppressWarnings("NullAway.Init") // by picocli
        private String principal;

        @Override
        public Integer call() {
            return Printing.print(
                    spec(),
                    output(),
                    () -> {
                        if (!database().with(jdbc -> new QuotaStore(jdbc).remove(principal))) {
                            throw new CommandFailure(principal + " has no quota of its own");
                        }
                        return principal;
                    },
                    removed -> "the quota of " + removed + " is removed");
        }
    }

    private static String text(Map<Kind, Long> perSecond) {
        return new EnumMap<>(perSecond)
                .entrySet().stream()
                        .map(entry -> QuotaStore.field(entry.getKey()) + "=" + entry.getValue())
                        .collect(Collectors.joining(" "));
    }
}
