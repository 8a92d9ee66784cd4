package io.millrace.embeddedpostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testing.Beside;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundled server, unpacked by processes that are killed or run at the same time. */
@Beside
class PostgresBinariesIT {

    @TempDir
    private Path directory;

    @Test
    void theNextStartRemovesWhatAKilledProcessLeft() throws Exception {
        Process killed = unpack();
        awaitBegun(killed);
        killed.destroyForcibly().waitFor();
        assertThat(unfinished()).hasSize(1);

        PostgresBinaries.bundled(directory);

        assertThat(unfinished()).isEmpty();
    }

    @Test
    void twoProcessesMayUnpackAtTheSameTime() throws Exception {
        Process first = unpack();
        awaitBegun(first);

        PostgresBinaries second = PostgresBinaries.bundled(directory);

        assertThat(first.waitFor()).isZero();
        assertThat(second).isEqualTo(PostgresBinaries.bundled(directory));
        assertThat(unfinished()).isEmpty();
    }

    private Process unpack() throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PostgresBinariesIT.class.getName(),
                        directory.toString())
                .inheritIO()
                .start();
    }

    private void awaitBegun(Process process) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .failFast("it has ended", () -> !process.isAlive())
                .until(() -> !unfinished().isEmpty());
    }

    private List<Path> unfinished() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(Archive.UNFINISHED))
                    .toList();
        }
    }

    static void main(String[] arguments) {
        PostgresBinaries.bundled(Path.of(arguments[0]));
    }
}
