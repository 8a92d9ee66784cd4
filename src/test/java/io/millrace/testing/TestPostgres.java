package io.millrace.testing;

import io.millrace.embeddedpostgres.EmbeddedPostgres;
import io.millrace.embeddedpostgres.EmbeddedPostgresProperties;
import java.nio.file.Path;

/**
 * The embedded PostgreSQL shared by all tests of this JVM. It starts when the first test asks for a database and ends
 * with the JVM, even if that is killed; its data is deleted when the JVM ends normally. The unpacked server stays in
 * {@code target}.
 */
public final class TestPostgres {

    private TestPostgres() {}

    /** A database that no other test uses. */
    public static TestDatabase newDatabase() {
        return Holder.SERVER.newDatabase();
    }

    /** The server itself, for tests that inspect it or need its superuser. */
    public static EmbeddedPostgres server() {
        return Holder.SERVER.postgres();
    }

    /** Where the unpacked server stays between test runs. */
    public static Path unpacked() {
        return Path.of("target", "postgres").toAbsolutePath();
    }

    private static final class Holder {

        static final TestServer SERVER = TestServer.start(
                home -> EmbeddedPostgres.start(home, unpacked(), EmbeddedPostgresProperties.defaults()));
    }
}
