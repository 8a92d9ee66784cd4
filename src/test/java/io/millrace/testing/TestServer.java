package io.millrace.testing;

import io.millrace.embeddedpostgres.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.springframework.util.FileSystemUtils;

/** A server in a temporary home. It ends with this JVM. */
record TestServer(EmbeddedPostgres postgres, AtomicInteger databases) {

    static TestServer start(Function<Path, EmbeddedPostgres> starter) {
        try {
            Path home = Files.createTempDirectory("millrace-test-");
            EmbeddedPostgres postgres = starter.apply(home);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndDelete(postgres, home)));
            return new TestServer(postgres, new AtomicInteger());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    TestDatabase newDatabase() {
        String name = "test_" + databases.incrementAndGet();
        try (Connection connection =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), postgres.password());
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException failure) {
            throw new IllegalStateException("no test database", failure);
        }
        return new TestDatabase(postgres.jdbcUrl(name), postgres.username(), postgres.password());
    }

    private static void stopAndDelete(EmbeddedPostgres postgres, Path home) {
        postgres.close();
        try {
            FileSystemUtils.deleteRecursively(home);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
