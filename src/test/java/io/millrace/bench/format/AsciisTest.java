package io.millrace.bench.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AsciisTest {

    @Test
    void everyOccurrenceOfAByteIsCounted() {
        SplittableRandom random = new SplittableRandom(7);
        for (int length = 0; length < 200; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            int expected = 0;
            for (int i = 0; i < length; i++) {
                // also the byte's neighbours, and the one that differs in the highest bit
                bytes[i] = (byte) ('{' + new int[] {0, 1, -1, 128, 5}[random.nextInt(5)]);
                expected += bytes[i] == '{' ? 1 : 0;
            }
            ByteBuf text = Unpooled.wrappedBuffer(bytes);

            assertThat(Asciis.count(text, 0, length, '{')).isEqualTo(expected);
        }
    }
}
