package io.millrace.embeddedpostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {

    private static final Duration SECONDS = Duration.ofSeconds(20);

    private final Path home;

    EmbeddedPostgresIT(@TempDir Path home) {
        this.home = home;
    }

    @Test
    void aRestartKeepsDataAndPassword() throws Exception {
        String password;
        try (EmbeddedPostgres first = start()) {
            new Notes(first).add("kept");
            password = first.password();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("postgres.password"))))
                    .isEqualTo("rw-------");
        }

        try (EmbeddedPostgres second = start()) {
            assertThat(new Notes(second).all()).containsExactly("kept");
            assertThat(second.password()).isEqualTo(password);
        }
    }

    @Test
    void aCleanStopNeedsNoRecovery() throws Exception {
        start().close();

        assertThat(home.resolve("pgdata/postmaster.pid")).doesNotExist();
        assertThat(serverLog()).contains("database system is shut down").doesNotContain("was interrupted");
    }

    @Test
    void aHomeHasOneOwner() throws Exception {
        try (EmbeddedPostgres owner = start();
                OwnerProcess second = OwnerProcess.start(home, TestPostgres.unpacked())) {
            long pid = ProcessHandle.current().pid();
            String refusal = "another hub (pid " + pid + ") is using " + home;

            assertThat(second.output()).contains(refusal);
            assertThat(second.awaitEnd()).isNotZero();
            assertThatThrownBy(this::start).hasMessage(refusal);

            new Notes(owner).add("undisturbed");
            try (OwnerProcess third = OwnerProcess.start(home, TestPostgres.unpacked())) {
                assertThat(third.output()).contains(refusal);
            }
        }
    }

    @Test
    void aKilledServerIsRestartedOnItsPort() throws Exception {
        try (EmbeddedPostgres server = start()) {
            Notes notes = new Notes(server);
            notes.add("before");
            int port = server.port();
            long killed = server.pid();

            ProcessHandle.of(killed).orElseThrow().destroyForcibly();

            await().atMost(SECONDS).ignoreExceptions().untilAsserted(() -> assertThat(notes.all())
                    .containsExactly("before"));
            assertThat(server.pid()).isNotEqualTo(killed);
            assertThat(server.port()).isEqualTo(port);
            notes.add("after");
        }
        try (EmbeddedPostgres again = start()) {
            assertThat(new Notes(again).all()).containsExactly("before", "after");
        }
    }

    @Test
    void aServerWhoseSupervisorIsKilledIsReplaced() throws Exception {
        try (EmbeddedPostgres server = start()) {
            Notes notes = new Notes(server);
            notes.add("before");
            ProcessHandle orphan = ProcessHandle.of(server.pid()).orElseThrow();

            orphan.parent().orElseThrow().destroyForcibly();

            await().atMost(SECONDS).until(() -> server.pid() != orphan.pid());
            await().atMost(SECONDS).ignoreExceptions().untilAsserted(() -> assertThat(notes.all())
                    .containsExactly("before"));
            assertThat(orphan.info().arguments())
                    .as("gone, or a zombie that is not reaped")
                    .isEmpty();
        }
    }

    @Test
    void theServerOfAKilledHubEndsAndTheNextHubRecovers() throws Exception {
        try (EmbeddedPostgres server = start()) {
            new Notes(server).add("kept");
        }
        OwnerProcess hub = OwnerProcess.start(home, TestPostgres.unpacked());
        ProcessHandle postmaster = hub.postmaster();

        hub.killHard();

        await().atMost(SECONDS).until(() -> !postmaster.isAlive());
        try (EmbeddedPostgres next = start()) {
            assertThat(new Notes(next).all()).containsExactly("kept");
        }
    }

    @Test
    void anOrphanedServerIsStoppedByTheNextHub() throws Exception {
        OwnerProcess hub = OwnerProcess.start(home, TestPostgres.unpacked());
        ProcessHandle postmaster = hub.postmaster();
        ProcessHandle supervisor = postmaster.parent().orElseThrow();
        supervisor.children().filter(child -> child.pid() != postmaster.pid()).forEach(ProcessHandle::destroyForcibly);
        supervisor.destroyForcibly();
        hub.killHard();
        assertThat(postmaster.info().arguments()).isPresent();

        try (EmbeddedPostgres next = start()) {
            new Notes(next).add("works");
            assertThat(postmaster.info().arguments()).isEmpty();
        }
    }

    @Test
    void aNewHubRecoversWhatACrashLeft() throws Exception {
        OwnerProcess hub = OwnerProcess.start(home, TestPostgres.unpacked());
        ProcessHandle postmaster = hub.postmaster();
        postmaster.parent().orElseThrow().destroyForcibly();
        postmaster.destroyForcibly();
        hub.killHard();

        try (EmbeddedPostgres next = start()) {
            new Notes(next).add("works");
            assertThat(serverLog()).contains("database system was not properly shut down");
        }
    }

    @Test
    void anotherProgramWithThePidOfAStalePostmasterIsLeftAlone() throws Exception {
        start().close();
        Process stranger = new ProcessBuilder("cat").start();
        try {
            writePostmasterFile(stranger.pid());

            start().close();

            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void aFailedStartShowsTheEndOfTheServersLog() throws Exception {
        start().close();
        Files.writeString(home.resolve("pgdata/postgresql.auto.conf"), "no_such_setting = 1\n");

        assertThatThrownBy(this::start)
                .isInstanceOf(EmbeddedPostgresException.class)
                .hasMessageContaining("PostgreSQL ended with status 1")
                .hasMessageContaining("unrecognized configuration parameter \"no_such_setting\"");

        Files.writeString(home.resolve("pgdata/postgresql.auto.conf"), "");
        start().close();
    }

    @Test
    void anInterruptedFirstStartIsRepeated() throws Exception {
        Files.createDirectories(home.resolve("pgdata.new/base"));
        Files.writeString(home.resolve("pgdata.new/PG_VERSION"), "18\n");
        Files.writeString(home.resolve("postgres.password"), "");

        try (EmbeddedPostgres server = start()) {
            new Notes(server).add("works");
            assertThat(home.resolve("pgdata.new")).doesNotExist();
        }
    }

    private EmbeddedPostgres start() {
        return EmbeddedPostgres.start(home, TestPostgres.unpacked(), EmbeddedPostgresProperties.defaults());
    }

    private void writePostmasterFile(long pid) throws Exception {
        List<String> lines = IntStream.range(0, 8)
                .mapToObj(line -> switch (line) {
                    case 0 -> String.valueOf(pid);
                    case 1 -> home.resolve("pgdata").toString();
                    case 7 -> "ready   ";
                    default -> "";
                })
                .toList();
        Files.write(home.resolve("pgdata/postmaster.pid"), lines);
    }

    private String serverLog() throws Exception {
        StringBuilder text = new StringBuilder();
        try (var files = Files.list(home.resolve("log"))) {
            for (Path file : files.toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }
}
