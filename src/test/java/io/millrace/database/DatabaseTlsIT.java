package io.millrace.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.embeddedpostgres.EmbeddedPostgres;
import io.millrace.testing.DebianPostgres;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A PostgreSQL that takes encrypted connections only, and hubs that check its certificate. */
@EnabledIf("io.millrace.testing.DebianPostgres#installed")
@Timeout(180)
@ExtendWith(OutputCaptureExtension.class)
class DatabaseTlsIT {

    @TempDir
    private static Path files;

    private static EmbeddedPostgres server;
    private static X509Bundle authority;

    @BeforeAll
    static void start() throws Exception {
        server = DebianPostgres.startServer();
        authority = authority("CN=authority");
        serve(authority);
        execute("alter system set ssl = on");
        Path rules = server.dataDirectory().resolve("pg_hba.conf");
        Files.writeString(rules, "hostssl all all 127.0.0.1/32 scram-sha-256\nhostssl all all ::1/128 scram-sha-256\n");
        execute("select pg_reload_conf()");
        await().untilAsserted(() ->
                assertThatThrownBy(() -> connect("disable").close()).isInstanceOf(SQLException.class));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everyConnectionOfAHubIsEncrypted() throws Exception {
        try (Hub hub = Hub.start(database("localhost", file(authority)))) {
            hub.createTopic("encrypted", 1);
            JdbcClient jdbc = hub.bean(JdbcClient.class);

            assertThat(jdbc.sql("select a.application_name from pg_stat_activity a join pg_stat_ssl s using (pid)"
                                    + " where a.usename is not null and a.backend_type = 'client backend' and s.ssl")
                            .query(String.class)
                            .list())
                    .hasSizeGreaterThan(5)
                    .hasSameSizeAs(jdbc.sql("select pid from pg_stat_activity where backend_type = 'client backend'")
                            .query(Integer.class)
                            .list());
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefused(CapturedOutput output) throws Exception {
        assertIsRefused(database("localhost", file(authority("CN=authority"))), output, "bad_certificate");
    }

    @Test
    void aCertificateForAnotherNameIsRefused(CapturedOutput output) throws Exception {
        assertIsRefused(database("127.0.0.1", file(authority)), output, "The hostname 127.0.0.1 could not be verified");
    }

    @Test
    void aWrongPasswordIsRefusedWithoutBeingPrinted(CapturedOutput output) throws Exception {
        TestDatabase right = database("localhost", file(authority));
        TestDatabase wrong = new TestDatabase(right.jdbcUrl(), right.username(), "wr0ng-secret");

        assertIsRefused(wrong, output, "password authentication failed");

        assertThat(output.toString()).doesNotContain("wr0ng-secret");
    }

    /** The start ends with two sentences. */
    private static void assertIsRefused(TestDatabase database, CapturedOutput output, String reason) {
        assertThatThrownBy(() -> Hub.start(database, "spring.flyway.connect-retries=0"))
                .isInstanceOf(RuntimeException.class);
        assertThat(output.toString())
                .containsSubsequence(
                        "Description:", "The hub cannot use its PostgreSQL: ", reason, "Action:", "Check the ");
    }

    /** As when certificates are renewed: the hub's connections stay, and new ones are checked against the new one. */
    @Test
    void anotherCertificateOfTheAuthorityIsTaken() throws Exception {
        try (Hub hub = Hub.start(database("localhost", file(authority)))) {
            serve(authority);
            execute("select pg_reload_conf()");
            JdbcClient jdbc = hub.bean(JdbcClient.class);
            jdbc.sql("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and"
                            + " backend_type = 'client backend'")
                    .query(Boolean.class)
                    .list();

            await().ignoreExceptions().untilAsserted(() -> hub.createTopic("renewed", 1));
        }
    }

    private static X509Bundle authority(String name) throws Exception {
        return new CertificateBuilder()
                .subject(name)
                .ecp256()
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    /** Gives the server a new certificate for {@code localhost}. */
    private static void serve(X509Bundle issuer) throws Exception {
        X509Bundle certificate = new CertificateBuilder()
                .subject("CN=localhost")
                .ecp256()
                .addSanDnsName("localhost")
                .buildIssuedBy(issuer);
        write("server.crt", certificate.getCertificatePathPEM());
        write("server.key", certificate.getPrivateKeyPEM());
    }

    private static void write(String name, String pem) throws Exception {
        Path data = server.dataDirectory();
        Path file = data.resolve(name);
        Files.writeString(file, pem);
        Files.setOwner(file, Files.getOwner(data));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static Path file(X509Bundle authority) throws Exception {
        return Files.writeString(Files.createTempFile(files, "ca", ".crt"), authority.getCertificatePEM());
    }

    private static TestDatabase database(String host, Path authorityFile) {
        return new TestDatabase(
                "jdbc:postgresql://" + host + ":" + server.port() + "/postgres?sslmode=verify-full&sslrootcert="
                        + authorityFile,
                server.username(),
                server.password());
    }

    private static void execute(String statement) throws Exception {
        try (Connection connection = connect("prefer");
                Statement admin = connection.createStatement()) {
            admin.execute(statement);
        }
    }

    private static Connection connect(String mode) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres?sslmode=" + mode,
                server.username(),
                server.password());
    }
}
