package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BenchArgumentsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "produce --payload 32             | --payload must be 33 to 8388608",
                "produce --keys 0                 | --keys must be 1 to 10000000",
                "produce --batch 0                | --batch must be 1 to 100000",
                "produce --topics 0               | --topics must be 1 to 100000",
                "produce --rate -1                | --rate must not be negative",
                "produce --batch 3 --records 10   | --records must be a multiple of --batch",
                "produce --duration 10            | '10' is not a duration such as 500ms, 10s, 5m or 90d",
                "produce --duration 0s            | --duration must not be 0",
                "produce --acks all               | 'all' is not one of 0, 1",
                "produce --protocol ftp           | 'ftp' is not one of http, ndjson, websocket, websocket-binary",
                "produce --protocol websocket_binary | is not one of http, ndjson, websocket, websocket-binary",
                "produce --output xml             | 'xml' is not one of text, json",
                "produce --key-distribution x     | 'x' is not one of uniform, zipf, none",
                "produce --topic a/b              | --topic must be 1 to 249 of A-Z, a-z, 0-9, '.', '_' and '-'",
                "produce --url https://localhost  | must begin with http://",
                "produce --url http:///x          | must name a host",
                "produce --url http://h?x=1       | must be host, port and path only",
                "produce --partition 1            | Unknown option",
                "produce orders                   | Unmatched argument",
                "consume --from yesterday         | --from must be 'earliest' or milliseconds",
                "consume --connections 0          | --connections must be 1 to 10000",
                "consume --protocol http | 'http' is not one of websocket, websocket-binary, ndjson, sse, poll",
                "fan-out --protocol http          | 'http' is not one of websocket, websocket-binary",
                "fan-out --rate 0                 | --rate must be more than 0",
                "fan-out --subscribe-url ftp://x  | --subscribe-url",
                "latency --in-flight 0            | --in-flight must be 1 to 1000000",
                "groups --members 0               | --members must be 1 to 9999",
                "idle --subscribers 0             | --subscribers must be 1 to 50000",
                "measure                          | Unmatched argument",
            })
    void wrongUsageIsReportedWithTheUsageAndExitCode2(String arguments, String message) {
        BenchShell.Result result = BenchShell.run(arguments.strip().split(" +"));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(message.strip()).contains("Usage: bench");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void aMissingCommandIsWrongUsage() {
        BenchShell.Result result = BenchShell.run();

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("Missing required subcommand");
    }

    @Test
    void everyCommandHasHelpWithDefaults() {
        for (String command : List.of("produce", "consume", "fan-out", "latency", "groups", "idle")) {
            BenchShell.Result result = BenchShell.run(command, "--help");

            assertThat(result.exitCode()).isZero();
            assertThat(result.out())
                    .contains("Usage: bench " + command)
                    .contains("Default: http://127.0.0.1:8080")
                    .doesNotContain("PT");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"produce", "consume", "fan-out", "latency"})
    void protocolNamesAreThoseOfTheHelpInAnyCase(String command) {
        BenchShell.Result result =
                BenchShell.run(command, "--protocol", "WebSocket-Binary", "--url", "http://127.0.0.1:1");

        assertThat(result.err()).contains("no hub at http://127.0.0.1:1");
        assertThat(BenchShell.run(command, "--help").out())
                .contains("|websocket-binary")
                .doesNotContain("_BINARY");
    }

    @Test
    void anUnreachableHubIsAFailureAndNotWrongUsage() {
        BenchShell.Result result = BenchShell.run("produce", "--url", "http://127.0.0.1:1");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("no hub at http://127.0.0.1:1").doesNotContain("Usage");
        assertThat(result.out()).isEmpty();
    }
}
