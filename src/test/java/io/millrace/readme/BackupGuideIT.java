package io.millrace.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.MillraceApplication;
import io.millrace.embeddedpostgres.EmbeddedPostgres;
import io.millrace.embeddedpostgres.EmbeddedPostgresProperties;
import io.millrace.testing.TestPostgres;
import io.millrace.testing.Tied;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands of {@code docs/backup.md} for the embedded server, as processes of their own. */
class BackupGuideIT {

    private static final String JAR = "java -jar target/millrace-0.1.0-SNAPSHOT.jar ";
    private static final String BACKUPS = "/backups";

    @TempDir
    private Path directory;

    private record Ended(int exitCode, String out, String err) {}

    @Test
    void whatIsBackedUpWhileTheServerRunsIsThereAfterTheRestore() throws Exception {
        List<String> commands = commands();
        assertThat(commands).hasSize(3);
        String backup = commands.getFirst();
        String restore = commands.get(1);
        Path home = home("data");
        Files.createDirectory(directory.resolve("backups"));
        try (EmbeddedPostgres server = start(home)) {
            execute(server, "create table note as select 'kept' as text");

            Ended ended = run(backup + " --output json");

            assertThat(ended.exitCode()).as(ended.err()).isZero();
            assertThat(ended.err()).isEmpty();
            JsonNode document = new JsonMapper().readTree(ended.out());
            assertThat(document.path("command").asString()).isEqualTo("backup");
            assertThat(document.at("/results/hub_version").asString()).matches("\\d+\\.\\d+\\.\\d+\\S*");
            assertThat(document.at("/results/wal/timeline").intValue()).isEqualTo(1);
            execute(server, "update note set text = 'lost'");

            assertFailure(run(backup), " exists already. Give each backup a new name");
            assertFailure(
                    run(restore), "another hub (pid " + ProcessHandle.current().pid() + ") is using " + home);
        }

        assertFailure(run(restore.replace(" --replace", "")), " has data already. Use --replace");
        Ended ended = run(restore);

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("the previous data are in " + home.resolve("replaced-1"));
        try (EmbeddedPostgres server = start(home)) {
            assertThat(text(server)).isEqualTo("kept");
        }
        home("trial");
        assertThat(run(commands.get(2)).exitCode()).isZero();
        try (EmbeddedPostgres server = start(directory.resolve("trial"))) {
            assertThat(text(server)).isEqualTo("kept");
        }
    }

    private static void assertFailure(Ended ended, String reason) {
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.err().lines()).singleElement().asString().contains(reason);
        assertThat(ended.out()).isEmpty();
    }

    /** What follows the jar on the page. */
    private static List<String> commands() throws Exception {
        return Page.BACKUP.blocks("console").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith(JAR))
                .map(line -> line.substring(JAR.length()))
                .toList();
    }

    private Path home(String name) throws Exception {
        Path home = Files.createDirectory(directory.resolve(name));
        Files.createSymbolicLink(home.resolve("postgres"), Files.createDirectories(TestPostgres.unpacked()));
        return home.toRealPath();
    }

    private static EmbeddedPostgres start(Path home) {
        return EmbeddedPostgres.start(home, EmbeddedPostgresProperties.defaults());
    }

    private Ended run(String arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                absoluteClassPath(),
                MillraceApplication.class.getName()));
        command.addAll(Arrays.asList(arguments
                .replace(BACKUPS, directory.resolve("backups").toString())
                .split(" ")));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process = new ProcessBuilder(Tied.command(command))
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static String absoluteClassPath() {
        return String.join(
                ":",
                Arrays.stream(System.getProperty("java.class.path").split(":"))
                        .map(path -> Path.of(path).toAbsolutePath().toString())
                        .toList());
    }

    private static void execute(EmbeddedPostgres server, String sql) throws SQLException {
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String text(EmbeddedPostgres server) throws SQLException {
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select text from note")) {
            row.next();
            return row.getString(1);
        }
    }

    private static Connection connect(EmbeddedPostgres server) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
    }
}
