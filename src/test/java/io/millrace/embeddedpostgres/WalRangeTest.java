package io.millrace.embeddedpostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WalRangeTest {

    private static final long DEFAULT = 16 << 20;
    private static final long LARGE = 1 << 30;

    @ParameterizedTest
    @CsvSource({
        "1, 0/2000028,  0/2000158,  000000010000000000000002",
        "1, 0/2000028,  0/3000000,  000000010000000000000002",
        "1, 0/2FFFFD8,  0/3000001,  000000010000000000000002 000000010000000000000003",
        "2, 0/FF000028, 1/100,      0000000200000000000000FF 000000020000000100000000",
        "17, A/FE000028, B/0,       000000110000000A000000FE 000000110000000A000000FF",
    })
    void theFilesAreThoseFromTheFirstByteToTheLast(int timeline, String start, String end, String files) {
        assertThat(new WalRange(timeline, start, end).files(DEFAULT)).containsExactly(files.split(" "));
    }

    @Test
    void theSizeOfTheFilesCounts() {
        assertThat(new WalRange(1, "0/2000028", "1/40000001").files(LARGE))
                .isEqualTo(List.of(
                        "000000010000000000000000",
                        "000000010000000000000001",
                        "000000010000000000000002",
                        "000000010000000000000003",
                        "000000010000000100000000",
                        "000000010000000100000001"));
    }

    @Test
    void theLabelSaysWhereItStarts() {
        String label = """
            START WAL LOCATION: 2/B5000028 (file 0000001A00000002000000B5)
            CHECKPOINT LOCATION: 2/B5000060
            BACKUP METHOD: streamed
            """;

        assertThat(WalRange.of(new BaseCopy.Stopped(label, "2/B5000158")))
                .isEqualTo(new WalRange(26, "2/B5000028", "2/B5000158"));
        assertThatThrownBy(() -> WalRange.of(new BaseCopy.Stopped("LABEL: millrace", "2/B5000158")))
                .hasMessageContaining("LABEL: millrace");
    }
}
