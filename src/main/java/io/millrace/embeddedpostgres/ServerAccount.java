package io.millrace.embeddedpostgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The user as whom PostgreSQL runs. It refuses to run as root, but hubs in containers often do.
 *
 * @param prefix what to put before a command to run it as that user; each of its programs ends in an exec, so that the
 *     process keeps its pid
 * @param owner to whom the server's files must belong, or null if that is the hub itself in any case
 */
record ServerAccount(List<String> prefix, @Nullable String owner) {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    ServerAccount {
        prefix = List.copyOf(prefix);
    }

    /** @throws EmbeddedPostgresException if the hub is root and knows no way to be somebody else */
    static ServerAccount choose() {
        if (!Command.run(List.of("id", "-u"), DEADLINE).output().equals("0")) {
            return new ServerAccount(List.of(), null);
        }
        return userNamespace()
                .or(ServerAccount::unprivilegedUser)
                .orElseThrow(() -> new EmbeddedPostgresException(
                        "PostgreSQL does not run as root, and neither 'unshare -U' nor 'setpriv --reuid' works here",
                        "Run the hub as an ordinary user, or set MILLRACE_DATABASE_URL to a PostgreSQL database"));
    }

    /**
     * A user namespace without a mapping: the server sees itself and its files as belonging to nobody, outside they are
     * still root's. That nobody must have a name, since initdb asks for it.
     */
    static Optional<ServerAccount> userNamespace() {
        List<String> prefix = List.of("unshare", "-U");
        return worksWithoutRoot(prefix) ? Optional.of(new ServerAccount(prefix, "root")) : Optional.empty();
    }

    /** The machine's user for PostgreSQL, else its user for things that own nothing. */
    static Optional<ServerAccount> unprivilegedUser() {
        return Stream.of("postgres", "nobody").flatMap(ServerAccount::user).findFirst();
    }

    private static Stream<ServerAccount> user(String name) {
        Command.Result group = Command.run(List.of("id", "-g", name), DEADLINE);
        List<String> prefix = List.of("setpriv", "--reuid=" + name, "--regid=" + group.output(), "--clear-groups");
        return group.succeeded() && worksWithoutRoot(prefix)
                ? Stream.of(new ServerAccount(prefix, name))
                : Stream.empty();
    }

    private static boolean worksWithoutRoot(List<String> prefix) {
        Command.Result name = Command.run(withPrefix(prefix, List.of("id", "-un")), DEADLINE);
        return name.succeeded() && !name.output().equals("root");
    }

    List<String> command(List<String> command) {
        return withPrefix(prefix, command);
    }

    /** Gives a file or a whole directory to the server, unless it has it already. */
    void own(Path path) throws IOException {
        if (owner == null) {
            return;
        }
        UserPrincipal principal =
                path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner);
        if (!Files.getOwner(path).equals(principal)) {
            Directories.chown(path, principal);
        }
    }

    /** @throws EmbeddedPostgresException if the server could not read what is there */
    void requireAccess(Path path) {
        if (!Command.run(command(List.of("test", "-r", path.toString())), DEADLINE)
                .succeeded()) {
            throw new EmbeddedPostgresException(
                    "PostgreSQL, which runs as the user " + owner + ", cannot read " + path,
                    "Let that user pass through the directories above, or set MILLRACE_HOME to another directory");
        }
    }

    private static List<String> withPrefix(List<String> prefix, List<String> command) {
        return Stream.concat(prefix.stream(), command.stream()).toList();
    }
}
