package io.millrace.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.MillraceApplication;
import io.millrace.testing.Certificates;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Passwords are neither in the log, whether a start succeeds or fails, nor in an answer. */
@Timeout(180)
@ExtendWith(OutputCaptureExtension.class)
class SecretsIT {

    private static final String DEBUG = "logging.level.io.millrace=debug";
    private static final String WRONG = "wr0ng-s3cret";

    /** Everything that the actuator has, which operators may expose. */
    private static final String EXPOSE_ALL = "management.endpoints.web.exposure.include=*";

    private static final List<String> RESOURCES = List.of(
            "/actuator",
            "/actuator/health",
            "/actuator/health/readiness",
            "/actuator/info",
            "/actuator/prometheus",
            "/actuator/env",
            "/actuator/configprops",
            "/actuator/beans",
            "/actuator/conditions",
            "/actuator/loggers",
            "/actuator/flyway",
            "/v1/cluster",
            "/v1/limits",
            "/v1/nothing",
            "/v1/topics/none");

    @TempDir
    private Path files;

    @Test
    void aHubThatRunsDoesNotTellItsPasswords(CapturedOutput output) throws Exception {
        TestDatabase database = TestPostgres.newDatabase();
        String keystore = "k3ystore-s3cret";

        try (Hub hub = Hub.start(
                database,
                DEBUG,
                EXPOSE_ALL,
                "spring.datasource.url=jdbc:postgresql://unused/unused",
                "millrace.database.url=" + urlWithPassword(database, database.password()),
                "spring.ssl.bundle.jks.unused.keystore.location=" + keystore(keystore),
                "spring.ssl.bundle.jks.unused.keystore.password=" + keystore)) {
            for (String resource : RESOURCES) {
                assertThat((resource.startsWith("/actuator") ? hub.management() : hub.client())
                                .get(resource)
                                .text())
                        .as(resource)
                        .isNotEmpty()
                        .doesNotContain(database.password(), keystore);
            }
        }
        assertThat(database.password()).hasSizeGreaterThan(8);
        assertThat(output).contains("Millrace is ready").doesNotContain(database.password(), keystore);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "millrace.database.url=%URL%",
                "millrace.database.url=%NO_PASSWORD%;millrace.database.password=%WRONG%",
                "spring.datasource.url=%JDBC%;spring.datasource.password=%WRONG%",
                "spring.datasource.url=%JDBC%&password=%WRONG%;spring.datasource.password=",
                // Malformed: the message says what is wrong.
                "millrace.database.url=postgresql://user:%WRONG%@host:port/database",
                "millrace.database.url=postgresql://user:%WRONG% @host/database",
                "millrace.database.url=user:%WRONG%@host/database",
                "spring.datasource.url=jdbc:postgresql://user:%WRONG%@host:port/database",
                "spring.datasource.url=jdbc:postgresql//user:%WRONG%@host/database",
                // TLS with the wrong password of a keystore
                "server.ssl.key-store=%STORE%;server.ssl.key-store-password=%WRONG%",
                "spring.ssl.bundle.jks.b.keystore.location=%STORE%;spring.ssl.bundle.jks.b.keystore.password=%WRONG%;"
                        + "server.ssl.bundle=b",
            })
    void aStartThatFailsDoesNotTellThePassword(String settings, CapturedOutput output) throws Exception {
        TestDatabase database = TestPostgres.newDatabase();
        List<String> arguments = new ArrayList<>(Stream.of(settings.split(";"))
                .map(setting -> "--"
                        + setting.replace("%URL%", urlWithPassword(database, WRONG))
                                .replace(
                                        "%NO_PASSWORD%",
                                        urlWithPassword(database, WRONG).replace(":" + WRONG, ""))
                                .replace("%JDBC%", database.jdbcUrl())
                                .replace("%WRONG%", WRONG))
                .toList());
        arguments.replaceAll(argument -> argument.replace("%STORE%", String.valueOf(files.resolve("store.p12"))));
        keystore("right");
        arguments.addAll(List.of(
                "--" + DEBUG, "--server.port=0", "--management.server.port=0", "--spring.flyway.connect-retries=0"));
        if (!settings.contains("database.url") && !settings.contains("datasource.url")) {
            arguments.add("--spring.datasource.url=" + database.jdbcUrl());
            arguments.add("--spring.datasource.password=" + database.password());
        }
        if (!settings.contains("millrace.database.url")) {
            arguments.add("--spring.datasource.username=" + database.username());
        }

        assertThatThrownBy(() -> new SpringApplicationBuilder(MillraceApplication.class)
                        .registerShutdownHook(false)
                        .run(arguments.toArray(String[]::new))
                        .close())
                .isInstanceOf(Exception.class);

        assertThat(output).contains("Millrace").doesNotContain(WRONG);
    }

    private static String urlWithPassword(TestDatabase database, String password) {
        return database.jdbcUrl()
                .replace("jdbc:postgresql://", "postgresql://" + database.username() + ":" + password + "@");
    }

    private Path keystore(String password) throws Exception {
        Path file = files.resolve("store.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            Certificates.authority()
                    .toKeyStore("PKCS12", password.toCharArray())
                    .store(out, password.toCharArray());
        }
        return file;
    }
}
