package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.DebianPostgres;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.Tied;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.springframework.util.FileSystemUtils;

/**
 * The PostgreSQL 15 of Debian with the archive and the backups that {@code docs/backup.md} configures, by its
 * pgBackRest. All files are in a temporary directory, and all processes end with this JVM.
 */
final class ArchivedServer implements AutoCloseable {

    private static final Path PAGE = Path.of("docs", "backup.md");
    private static final String BIN = "/usr/lib/postgresql/15/bin";
    private static final Path PGBACKREST = Path.of("/usr/bin/pgbackrest");
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** As printed on the page, and what this test has instead. */
    private static final String PRINTED_DATA = "/var/lib/postgresql/15/main";

    private static final String PRINTED_REPOSITORY = "/var/lib/pgbackrest";
    private static final String PRINTED_TIME = "2026-11-30 03:00:00+00";

    private final Path home;
    private final Path data;
    private final int port;
    private Process postmaster;

    private ArchivedServer(Path home) throws Exception {
        this.home = home;
        this.data = home.resolve("data");
        this.port = HubProcess.freePort();
        Files.writeString(home.resolve("pgbackrest.conf"), here(block("ini", "repo1-path")));
        if (ROOT) {
            new ProcessBuilder("chown", "-R", "postgres", home.toString())
                    .start()
                    .waitFor();
        }
        run("initdb --auth=trust --no-sync -D " + data);
        Files.writeString(data.resolve("postgresql.conf"), block("ini", "archive_command"), StandardOpenOption.APPEND);
        postmaster = launch();
    }

    static boolean toolsAreInstalled() {
        return DebianPostgres.installed() && Files.isExecutable(PGBACKREST);
    }

    static ArchivedServer start() throws Exception {
        ArchivedServer server = new ArchivedServer(Files.createTempDirectory("millrace-archived-"));
        server.awaitStart();
        return server;
    }

    TestDatabase database() {
        return new TestDatabase(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres?sslmode=disable",
                ROOT ? "postgres" : System.getProperty("user.name"),
                "");
    }

    /** Runs the commands of the page that contain an option. */
    void runPage(String option) throws Exception {
        run(here(block("sh", option)));
    }

    /** The same with a time instead of the one that is printed. */
    void runPage(String option, String time) throws Exception {
        String commands = block("sh", option);
        assertThat(commands).contains(PRINTED_TIME);
        run(here(commands.replace(PRINTED_TIME, time)));
    }

    /** The server's, as the page writes times. */
    String time() throws SQLException {
        return one("select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00'");
    }

    void stop() throws Exception {
        run("pg_ctl -D " + data + " -m fast -w stop");
        assertThat(postmaster.waitFor(MINUTE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    void startAgain() throws IOException {
        postmaster = launch();
        awaitStart();
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(account());
        command.addAll(List.of(BIN + "/postgres", "-D", data.toString(), "-c", "port=" + port));
        command.addAll(List.of("-c", "unix_socket_directories=" + home));
        return builder(Tied.command(command)).start();
    }

    private void awaitStart() {
        await().atMost(MINUTE)
                .failFast("PostgreSQL ended: target/faults/archived.log", () -> !postmaster.isAlive())
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> one("select pg_is_in_recovery()").equals("f"));
    }

    private String one(String query) throws SQLException {
        TestDatabase database = database();
        try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private void run(String script) throws Exception {
        List<String> command = new ArrayList<>(account());
        command.addAll(List.of("bash", "-euo", "pipefail", "-c", script));
        Process process = builder(Tied.command(command)).start();
        assertThat(process.waitFor(MINUTE.toSeconds(), TimeUnit.SECONDS))
                .as(script)
                .isTrue();
        assertThat(process.exitValue())
                .as("%s: target/faults/archived.log", script)
                .isZero();
    }

    /** Neither PostgreSQL nor its files may belong to root. */
    private static List<String> account() {
        return ROOT ? List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups") : List.of();
    }

    private ProcessBuilder builder(List<String> command) throws IOException {
        File log = Files.createDirectories(Path.of("target", "faults"))
                .resolve("archived.log")
                .toFile();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        builder.environment()
                .putAll(Map.of(
                        "PATH", BIN + ":" + System.getenv("PATH"),
                        "PGBACKREST_CONFIG", home.resolve("pgbackrest.conf").toString(),
                        "PGBACKREST_PG1_PORT", Integer.toString(port),
                        "PGBACKREST_PG1_SOCKET_PATH", home.toString(),
                        "PGBACKREST_LOG_PATH", home.resolve("log").toString(),
                        "PGBACKREST_LOCK_PATH", home.resolve("lock").toString(),
                        "PGBACKREST_SPOOL_PATH", home.resolve("spool").toString()));
        return builder;
    }

    private String here(String text) {
        return text.replace(PRINTED_DATA, data.toString())
                .replace(PRINTED_REPOSITORY, home.resolve("repository").toString());
    }

    /** The only code block in a language that contains a text. */
    private static String block(String language, String text) throws IOException {
        List<String> found = Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$")
                .matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult block) -> block.group(1))
                .filter(code -> code.contains(text))
                .toList();
        assertThat(found).as(text).hasSize(1);
        return found.getFirst();
    }

    @Override
    public void close() throws Exception {
        postmaster.destroyForcibly().waitFor();
        FileSystemUtils.deleteRecursively(home);
    }
}
