package io.millrace.testing;

import io.millrace.embeddedpostgres.EmbeddedPostgres;
import io.millrace.embeddedpostgres.EmbeddedPostgresProperties;
import io.millrace.embeddedpostgres.PostgresBinaries;
import java.nio.file.Files;
import java.nio.file.Path;

/** Like {@link TestPostgres}, but with the PostgreSQL 15 of Debian 12: the oldest version that the hub supports. */
public final class DebianPostgres {

    private static final Path BIN = Path.of("/usr/lib/postgresql/15/bin");

    private DebianPostgres() {}

    /** For {@code @EnabledIf}: whether it is installed. */
    public static boolean installed() {
        return Files.isExecutable(BIN.resolve("postgres"));
    }

    /** The path of one of its programs. */
    public static String program(String name) {
        return BIN.resolve(name).toString();
    }

    /** A database that no other test uses. */
    public static TestDatabase newDatabase() {
        return Holder.SERVER.newDatabase();
    }

    /** The server itself, for tests that inspect it or need its superuser. */
    public static EmbeddedPostgres server() {
        return Holder.SERVER.postgres();
    }

    /** A server of the test's own, whose settings it may change. It ends with this JVM. */
    public static EmbeddedPostgres startServer() {
        return start().postgres();
    }

    private static TestServer start() {
        return TestServer.start(
                home -> EmbeddedPostgres.start(home, PostgresBinaries.at(BIN), EmbeddedPostgresProperties.defaults()));
    }

    private static final class Holder {

        static final TestServer SERVER = start();
    }
}
