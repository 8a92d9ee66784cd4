package io.millrace.embeddedpostgres;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A platform that the hub bundles PostgreSQL for.
 *
 * @param archive the resource that holds the binaries
 */
record Platform(String archive) {

    static final String GIVE_A_DATABASE =
            "Set MILLRACE_DATABASE_URL to a PostgreSQL database, such as postgresql://user:password@host/database";

    private static final Path MUSL = Path.of("/etc/alpine-release");

    /** @throws EmbeddedPostgresException if this machine is not one of them */
    static Platform current() {
        return of(System.getProperty("os.name"), System.getProperty("os.arch"), Files.exists(MUSL));
    }

    /**
     * @param musl whether the C library is musl; the binaries are linked with glibc
     * @throws EmbeddedPostgresException if there are no binaries for this platform
     */
    static Platform of(String system, String architecture, boolean musl) {
        boolean arm = architecture.equals("aarch64") || architecture.equals("arm64");
        boolean intel = architecture.equals("amd64") || architecture.equals("x86_64");
        boolean mac = system.toLowerCase(Locale.ROOT).startsWith("mac");
        if (system.equals("Linux") && !musl && (arm || intel)) {
            return new Platform(arm ? "postgres-linux-arm_64.txz" : "postgres-linux-x86_64.txz");
        }
        if (mac && arm) {
            return new Platform("postgres-darwin-arm_64.txz");
        }
        throw new EmbeddedPostgresException(
                "Millrace bundles no PostgreSQL for " + system + " on " + architecture
                        + (musl ? " with musl libc" : ""),
                GIVE_A_DATABASE);
    }
}
