package io.millrace.testing;

import io.millrace.embeddedpostgres.EmbeddedPostgres;
import io.millrace.embeddedpostgres.EmbeddedPostgresProperties;
import java.nio.file.Path;

/**
 * The one embedded PostgreSQL of this test JVM. It starts when the first test asks for a database, dies with the JVM
 * however that dies, and its data is deleted when the JVM ends by itself. The unpacked server stays in {@code target}.
 */
public final class TestPostgres {

    private TestPostgres() {}

    /** A database that no other test knows. */
    public static TestDatabase newDatabase() {
        return Holder.SERVER.newDatabase();
    }

    /** The server itself, for tests that look at it or need its superuser. */
    public static EmbeddedPostgres server() {
        return Holder.SERVER.postgres();
    }

    /** Where tests keep the unpacked server from one run to the next. */
    public static Path unpacked() {
        return Path.of("target", "postgres").toAbsolutePath();
    }

    private static final class Holder {

        static final TestServer SERVER = TestServer.start(
                home -> EmbeddedPostgres.start(home, unpacked(), EmbeddedPostgresProperties.defaults()));
    }
}
