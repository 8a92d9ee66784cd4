package io.millrace.embeddedpostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.testing.Beside;
import io.millrace.testing.TestPostgres;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** The user that the server runs as. These tests need root: only root can switch to other users. */
@Beside
class ServerAccountIT {

    /** The class path entries that the server needs, with this project's own classes. */
    private static final Pattern NEEDED = Pattern.compile(
            ".*(classes|postgresql-.*|slf4j-.*|logback-.*|commons-.*|xz-.*|jspecify-.*|binaries-linux-.*)");

    private final Path directory;

    ServerAccountIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeEach
    void onlyRootCan() {
        assumeTrue("root".equals(System.getProperty("user.name")), "not root");
    }

    @Test
    void anOrdinaryUserRunsTheServerAsItself() throws Exception {
        ServerAccount nobody = ServerAccount.unprivilegedUser().orElseThrow();
        open(directory);
        Path home = Files.createDirectory(directory.resolve("home"));
        nobody.own(home);

        try (OwnerProcess hub = OwnerProcess.start(nobody.prefix(), copiedClassPath(), home, home.resolve("bin"))) {
            ProcessHandle postmaster = hub.postmaster();

            assertThat(postmaster.info().user()).hasValue(nobody.owner());
            assertThat(postmaster.info().arguments().orElseThrow()).doesNotContain("setpriv", "unshare");
        }
    }

    @Test
    void rootRunsTheServerAsAnotherUserWithoutUserNamespaces() throws Exception {
        ServerAccount nobody = ServerAccount.unprivilegedUser().orElseThrow();
        open(directory);
        Path unpacked = directory.resolve("bin");
        try (EmbeddedPostgres server = open(unpacked, nobody)) {
            new Notes(server).add("kept");
            assertThat(Files.getOwner(server.dataDirectory())).hasToString(nobody.owner());
        }

        ServerAccount namespace = ServerAccount.userNamespace().orElse(nobody);
        try (EmbeddedPostgres server = open(unpacked, namespace)) {
            assertThat(new Notes(server).all()).containsExactly("kept");
            assertThat(Files.getOwner(server.dataDirectory())).hasToString(namespace.owner());
        }
    }

    @Test
    void aHomeThatTheServerCannotReachIsNamed() {
        ServerAccount nobody = ServerAccount.unprivilegedUser().orElseThrow();

        assertThatThrownBy(() -> open(TestPostgres.unpacked(), nobody))
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("which runs as the user " + nobody.owner() + ", cannot read");
    }

    private EmbeddedPostgres open(Path unpacked, ServerAccount account) {
        return EmbeddedPostgres.open(
                directory.resolve("home"),
                () -> PostgresBinaries.bundled(unpacked),
                () -> account,
                EmbeddedPostgresProperties.defaults());
    }

    private static void open(Path directory) throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Another user cannot read what is below root's home. */
    private String copiedClassPath() throws Exception {
        Path copies = Files.createDirectory(directory.resolve("classpath"));
        List<Path> needed = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(NEEDED.asMatchPredicate())
                .map(Path::of)
                .toList();
        for (Path path : needed) {
            FileSystemUtils.copyRecursively(path, copies.resolve(path.getFileName()));
        }
        return needed.stream()
                .map(path -> copies.resolve(path.getFileName()).toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
