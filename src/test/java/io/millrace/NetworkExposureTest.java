package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.NetworkExposure.ExposedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.mock.env.MockEnvironment;

/** A hub that other machines reach has authentication and TLS, or somebody has said that it need not. */
class NetworkExposureTest {

    private static final String REQUIRED = "millrace.security.authentication=required";
    private static final String TLS = "server.ssl.bundle=hub";
    private static final String ANONYMOUS = "millrace.security.allow-anonymous-on-network=true";
    private static final String PLAINTEXT = "millrace.security.allow-plaintext-on-network=true";

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1", "localhost"})
    void thisMachineNeedsNothing(String address) {
        assertThatNoException().isThrownBy(() -> check("server.address=" + address));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0.0.0.0", "::", "10.1.2.3", "2001:db8::1"})
    void othersNeedBoth(String address) {
        String at = "server.address=" + address;

        assertThatNoException().isThrownBy(() -> check(at, REQUIRED, TLS));
        assertThatNoException().isThrownBy(() -> check(at, ANONYMOUS, PLAINTEXT));
        assertThatNoException().isThrownBy(() -> check(at, REQUIRED, PLAINTEXT));
        assertThatNoException().isThrownBy(() -> check(at, ANONYMOUS, TLS));
        assertThat(refusal(at)).contains("without authentication and without TLS");
        assertThat(refusal(at, REQUIRED)).contains("without TLS").doesNotContain("without authentication");
        assertThat(refusal(at, TLS)).contains("without authentication").doesNotContain("without TLS");
        assertThat(refusal(at, PLAINTEXT)).contains("without authentication");
        assertThat(refusal(at, ANONYMOUS)).contains("without TLS");
    }

    @Test
    void tlsThatIsSwitchedOffIsNone() {
        assertThat(refusal("server.address=", REQUIRED, TLS, "server.ssl.enabled=false"))
                .contains("without TLS");
    }

    @Test
    void metricsForOthersNeedAuthentication() {
        String[] open = {"server.address=127.0.0.1", "management.server.port=8090", "management.server.address="};

        assertThat(refusal(open))
                .contains("health and metrics", "without authentication")
                .doesNotContain("TLS");
        assertThatNoException().isThrownBy(() -> check(open[0], open[1], "management.server.address=127.0.0.1"));
        assertThatNoException().isThrownBy(() -> check(open[0], open[1], open[2], REQUIRED));
        assertThatNoException().isThrownBy(() -> check(open[0], open[1], open[2], ANONYMOUS));
        // On the API's port then.
        assertThatNoException().isThrownBy(() -> check(open[0], "management.server.port=", open[2]));
    }

    @Test
    void theMessageNamesTheSettings() {
        ExposedException failure = catchThrowableOfType(ExposedException.class, () -> check("server.address=0.0.0.0"));

        FailureAnalysis analysis = new NetworkExposure.Analyzer().analyze(failure);

        assertThat(analysis.getDescription()).contains("0.0.0.0");
        assertThat(analysis.getAction())
                .contains(
                        "server.address",
                        "millrace.security.authentication=required",
                        "millrace.security.allow-anonymous-on-network=true",
                        "server.ssl.bundle",
                        "millrace.security.allow-plaintext-on-network=true");
    }

    private static String refusal(String... settings) {
        ExposedException failure = catchThrowableOfType(ExposedException.class, () -> check(settings));
        assertThat(failure).as("%s", (Object) settings).isNotNull();
        return String.valueOf(failure.getMessage());
    }

    private static void check(String... settings) {
        MockEnvironment environment = new MockEnvironment();
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            environment.setProperty(parts[0], parts[1]);
        }
        NetworkExposure.check(environment);
    }
}
