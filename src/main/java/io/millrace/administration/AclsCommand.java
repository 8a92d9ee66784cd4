package io.millrace.administration;

import io.millrace.access.Acl;
import io.millrace.access.Acl.Effect;
import io.millrace.access.Acl.Pattern;
import io.millrace.access.Acl.Rule;
import io.millrace.access.Acl.RuleOperation;
import io.millrace.access.AclAdmin;
import io.millrace.access.AclStore;
import io.millrace.administration.KeysCommand.Common;
import io.millrace.command.Choice;
import io.millrace.command.CommandFailure;
import io.millrace.command.CommandLines;
import io.millrace.security.Permission.Resource;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code acls}. */
@Command(
        name = "acls",
        description = "Adds, lists and removes rules of access, on the hub's database.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        subcommands = {AclsCommand.Add.class, AclsCommand.ListAll.class, AclsCommand.Remove.class},
        footer = {"", "docs/security.md says what rules mean."})
public final class AclsCommand {

    /** Configures a command line that contains this command. */
    public static CommandLine configured(CommandLine commandLine) {
        return Choice.takenBy(
                Choice.takenBy(CommandLines.configured(commandLine), RuleOperation.class), Resource.class);
    }

    @Command(name = "add", description = "Adds a rule, unless there is one that says the same.")
    static final class Add extends Common {

        @Option(
                names = "--principal",
                paramLabel = "PRINCIPAL",
                required = true,
                description = "User:NAME, Group:NAME, or User:* for all callers.")
        @SuppressWarnings("NullAway.Init") // by picocli
        private String principal;

        @Option(names = "--deny", description = "The rule denies; a denial wins over all that allows.")
        private boolean deny;

        @Option(
                names = "--operation",
                paramLabel = "OPERATION",
                required = true,
                description = "all, read, write, create, alter, delete, describe, commit or reset.")
        @SuppressWarnings("NullAway.Init") // by picocli
        private RuleOperation operation;

        @Option(names = "--resource", paramLabel = "topic|group|cluster", required = true, description = "Of what.")
        @SuppressWarnings("NullAway.Init") // by picocli
        private Resource resource;

        @Option(
                names = "--name",
                paramLabel = "NAME",
                required = true,
                description = "The name, or * for all; the cluster's is millrace-cluster.")
        @SuppressWarnings("NullAway.Init") // by picocli
        private String name;

        @Option(names = "--prefixed", description = "The name is how names begin.")
        private boolean prefixed;

        @Override
        public Integer call() {
            Rule rule = new Rule(
                    principal,
                    deny ? Effect.DENY : Effect.ALLOW,
                    operation,
                    resource,
                    prefixed ? Pattern.PREFIXED : Pattern.LITERAL,
                    name);
            require(() -> AclAdmin.check(rule));
            return Printing.print(
                    spec(),
                    output(),
                    () -> database().with(jdbc -> {
                        AclStore store = new AclStore(jdbc);
                        store.add(rule, KeysCommand.COMMAND);
                        return store.find(rule).orElseThrow();
                    }),
                    AclsCommand::line);
        }
    }

    @Command(name = "list", description = "Lists rules in the order in which they were added.")
    static final class ListAll extends Common {

        @Option(names = "--principal", paramLabel = "PRINCIPAL", description = "Only those about this one.")
        private @Nullable String principal;

        @Override
        public Integer call() {
            AclStore.Filter filter = new AclStore.Filter(principal, null, null);
            return Printing.print(
                    spec(),
                    output(),
                    () -> database().with(jdbc -> new AclStore(jdbc).list(filter, 0, Integer.MAX_VALUE)),
                    ListAll::text);
        }

        private static String text(List<Acl> acls) {
            return acls.stream().map(AclsCommand::line).collect(Collectors.joining(System.lineSeparator()));
        }
    }

    @Command(name = "remove", description = "Removes a rule.")
    static final class Remove extends Common {

        @Parameters(paramLabel = "ID", description = "The rule's number, as acls list shows it.")
        private long id;

        @Override
        public Integer call() {
            return Printing.print(
                    spec(),
                    output(),
                    () -> {
                        if (!database().with(jdbc -> new AclStore(jdbc).remove(id))) {
                            throw new CommandFailure("there is no rule " + id);
                        }
                        return id;
                    },
                    removed -> "rule " + removed + " is removed");
        }
    }

    private static String line(Acl acl) {
        Rule rule = acl.rule();
        return "%d  %s  %s %s on %s %s%s"
                .formatted(
                        acl.id(),
                        rule.principal(),
                        Acl.code(rule.permission()),
                        Acl.code(rule.operation()),
                        Acl.code(rule.resourceType()),
                        rule.resourceName(),
                        rule.patternType() == Pattern.PREFIXED
                                        && !rule.resourceName().equals("*")
                                ? "*"
                                : "");
    }
}
