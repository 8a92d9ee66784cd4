package io.millrace.verify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerifyArgumentsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--partitions 0                  | --partitions must be 1 to 1000",
                "--producers 0                   | --producers must be 1 to 1000: at least one for each --url",
                "--producers 1 --url http://a --url http://b | --producers must be 2 to 1000",
                "--consumers -1                  | --consumers must be 0 to 1000",
                "--protocols ftp                 | 'ftp' is not one of websocket, sse, rest",
                "--acks 2                        | '2' is not one of 0, 1, all",
                "--rate 0                        | --rate must be more than 0",
                "--duration 0s                   | --duration must not be 0",
                "--duration 10                   | '10' is not a duration such as 500ms, 10s, 5m or 90d",
                "--timeout 0s                    | --timeout must not be 0",
                "--rate 1000 --duration 1001s    | --rate times --duration must be at most 1000000 records",
                "--topic a/b                     | --topic must be 1 to 249 of A-Z, a-z, 0-9, '.', '_' and '-'",
                "--url https://localhost         | must begin with http://",
                "--output xml                    | 'xml' is not one of text, json",
                "orders                          | Unmatched argument",
            })
    void wrongUsageIsReportedWithTheUsageAndExitCode2(String arguments, String message) {
        VerifyShell.Result result = VerifyShell.run(arguments);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(message.strip()).contains("Usage: verify");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void theHelpHasDefaults() {
        VerifyShell.Result result = VerifyShell.run("--help");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("Usage: verify")
                .contains("Default: http://127.0.0.1:8080")
                .contains("Default: websocket,sse,rest")
                .contains("docs/verify.md")
                .doesNotContain("PT");
    }

    @Test
    void anUnreachableHubIsAFailureWithoutAVerdict() {
        VerifyShell.Result result = VerifyShell.run("--url http://127.0.0.1:1");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("no verdict: no hub at http://127.0.0.1:1")
                .doesNotContain("Usage");
        assertThat(result.out()).isEmpty();
    }
}
