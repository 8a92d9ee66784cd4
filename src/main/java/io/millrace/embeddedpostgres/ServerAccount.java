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
 * The user that PostgreSQL runs as. PostgreSQL refuses to run as root, but hubs in containers often run as root.
 *
 * @param prefix put before a command to run it as that user; its programs exec the command, so that the process keeps
 *     its pid
 * @param owner the user that must own the server's files; null if they belong to the hub's user anyway
 */
record ServerAccount(List<String> prefix, @Nullable String owner) {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    ServerAccount {
        prefix = List.copyOf(prefix);
    }

    /** @throws EmbeddedPostgresException if the hub runs as root and cannot switch to another user */
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
     * A user namespace without a mapping: inside, the server and its files belong to the user {@code nobody}, outside
     * still to root. That user must have a name, since initdb looks it up.
     */
    static Optional<ServerAccount> userNamespace() {
        List<String> prefix = List.of("unshare", "-U");
        return worksWithoutRoot(prefix) ? Optional.of(new ServerAccount(prefix, "root")) : Optional.empty();
    }

    /** The machine's user {@code postgres}, else {@code nobody}. */
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

    /** Makes the server's user own a file or a whole directory, unless it does already. */
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

    /** @throws EmbeddedPostgresException if the server's user cannot read the path */
    void requireAccess(Path path) {
        if (!Command.run(command(List.of("test", "-r", path.toString())), DEADLINE)
                .succeeded()) {
            throw new EmbeddedPostgresException(
                    "PostgreSQL, which runs as the user " + owner + ", cannot read " + path,
                    "Give that user access to the directories above, or set MILLRACE_HOME to another directory");
        }
    }

    private static List<String> withPrefix(List<String> prefix, List<String> command) {
        return Stream.concat(prefix.stream(), command.stream()).toList();
    }
}
