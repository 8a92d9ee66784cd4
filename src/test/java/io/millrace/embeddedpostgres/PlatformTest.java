package io.millrace.embeddedpostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {

    @ParameterizedTest
    @CsvSource({
        "Linux,    amd64,   postgres-linux-x86_64.txz",
        "Linux,    aarch64, postgres-linux-arm_64.txz",
        "Mac OS X, aarch64, postgres-darwin-arm_64.txz",
    })
    void theHubBundlesPostgresFor(String system, String architecture, String archive) {
        assertThat(Platform.of(system, architecture, false).archive()).isEqualTo(archive);
    }

    /** By the Maven profile of the platform that it is built on. */
    @Test
    void theBuildBundlesPostgresForThisMachine() {
        assertThat(Platform.class.getResource("/" + Platform.current().archive()))
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"Windows 11, amd64, false", "Mac OS X, x86_64, false", "Linux, riscv64, false", "Linux, amd64, true"})
    void elsewhereTheHubAsksForADatabase(String system, String architecture, boolean musl) {
        assertThatThrownBy(() -> Platform.of(system, architecture, musl))
                .isInstanceOfSatisfying(EmbeddedPostgresException.class, failure -> {
                    assertThat(failure).hasMessageContaining(system).hasMessageContaining(architecture);
                    assertThat(failure.action()).contains("MILLRACE_DATABASE_URL");
                });
    }

    @Test
    void muslIsNamedAsTheReason() {
        assertThatThrownBy(() -> Platform.of("Linux", "amd64", true)).hasMessageEndingWith("with musl libc");
    }
}
