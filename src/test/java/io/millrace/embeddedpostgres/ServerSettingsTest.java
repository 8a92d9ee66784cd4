package io.millrace.embeddedpostgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerSettingsTest {

    private static final long MEGABYTE = 1L << 20;

    @ParameterizedTest
    @CsvSource({"256, 128", "1024, 128", "2048, 256", "4096, 512", "8192, 1024", "262144, 1024"})
    void buffersAreAnEighthOfTheMemoryWithinBounds(long memory, long buffers) {
        assertThat(ServerSettings.sharedBuffers(memory * MEGABYTE)).isEqualTo(buffers * MEGABYTE);
    }

    @Test
    void everySettingHasItsReasonAbove() {
        String text = ServerSettings.text(18, 2048 * MEGABYTE, Path.of("/home/o'hara/log"), List.of());

        assertThat(text)
                .contains("# an acknowledged record survives a loss of power\nfsync = 'on'\n")
                .contains("shared_buffers = '256MB'")
                .contains("log_directory = '/home/o''hara/log'")
                .contains("io_method = 'sync'");
    }

    @Test
    void olderServersDoNotGetNewSettings() {
        assertThat(ServerSettings.text(17, 2048 * MEGABYTE, Path.of("/log"), List.of()))
                .doesNotContain("io_method");
    }
}
