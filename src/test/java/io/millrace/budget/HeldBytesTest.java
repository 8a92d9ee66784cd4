package io.millrace.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.time.Ticker;
import org.junit.jupiter.api.Test;

class HeldBytesTest {

    private static final int KB = 1024;
    private static final int MB = KB * KB;

    private final ClientMemory memory = new ClientMemory(64 * MB, Ticker.SYSTEM);
    private final Share share = memory.share();

    @Test
    void aSingleBufferTakesItsLengthAndNoMore() {
        HeldBytes bytes = new HeldBytes(share.hold(), MB);
        assertThat(bytes.add(new byte[24], 0, 24)).isTrue();
        assertThat(memory.held()).isEqualTo(24);
        assertThat(bytes.whole()).hasSize(24).isSameAs(bytes.array());
    }

    @Test
    void piecesBecomeOneArray() {
        HeldBytes bytes = new HeldBytes(share.hold(), MB);
        byte[] piece = {1, 2, 3};
        for (int i = 0; i < 100; i++) {
            assertThat(bytes.add(piece, 0, 3)).isTrue();
            assertThat(memory.held()).isEqualTo(bytes.array().length).isLessThanOrEqualTo(6L * (i + 1));
        }
        assertThat(bytes.whole()).hasSize(300).startsWith(1, 2, 3, 1).endsWith(1, 2, 3);
        assertThat(memory.held()).isEqualTo(300);
    }

    @Test
    void theArrayNeverExceedsTheDeclaredLength() {
        HeldBytes bytes = new HeldBytes(share.hold(), 1000);
        assertThat(bytes.add(new byte[900], 0, 900)).isTrue();
        assertThat(bytes.add(new byte[50], 0, 50)).isTrue();
        assertThat(bytes.array()).hasSize(1000);
    }

    @Test
    void theOldArrayCountsWhileTheNewOneIsFilled() {
        // 20 MB and then 40 MB: 60 of 64 would be held for a moment, which is more than the connection may have.
        HeldBytes bytes = new HeldBytes(share.hold(), 64 * MB);
        assertThat(bytes.add(new byte[20 * MB], 0, 20 * MB)).isTrue();
        assertThat(bytes.reserve(1)).isFalse();
        assertThat(bytes.length()).isEqualTo(20 * MB);
        assertThat(memory.held()).isEqualTo(20 * MB);
    }

    @Test
    void anIdleNodeTakesTheLargestBodyWhateverTheSizeOfItsFirstPiece() {
        byte[] piece = new byte[64 * KB];
        for (int first = 1; first <= 64 * KB; first += 61) {
            ClientMemory idle = new ClientMemory(16 * MB, Ticker.SYSTEM);
            try (HeldBytes bytes = HeldBytes.expecting(idle.share().hold(), 4 * MB)) {
                assertThat(bytes.add(piece, 0, first)).isTrue();
                while (bytes.length() < 4 * MB) {
                    assertThat(bytes.add(piece, 0, Math.min(piece.length, 4 * MB - bytes.length())))
                            .as("after a first piece of %s bytes", first)
                            .isTrue();
                }
                assertThat(bytes.whole()).hasSize(4 * MB);
            }
        }
    }

    @Test
    void closingGivesEverythingBack() {
        HeldBytes bytes = new HeldBytes(share.hold(), MB);
        assertThat(bytes.add(new byte[KB], 0, KB)).isTrue();
        bytes.close();
        assertThat(memory.held()).isZero();
        assertThat(bytes.array()).isEmpty();
        assertThat(bytes.add(new byte[KB], 0, KB)).isFalse();
    }
}
