package io.millrace.client.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {

    @Test
    void linesAreTheSameHoweverTheyAreChunked() {
        String text = "a\r\n\r\nb\n\n\rc\r\rdé\n\r\n";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int first = 0; first <= bytes.length; first++) {
            for (int second = first; second <= bytes.length; second++) {
                Lines lines = new Lines();
                lines.add(ByteBuffer.wrap(bytes, 0, first));
                lines.add(ByteBuffer.wrap(bytes, first, second - first));
                lines.add(ByteBuffer.wrap(bytes, second, bytes.length - second));

                assertThat(all(lines))
                        .as("%d, %d", first, second)
                        .containsExactly("a", "", "b", "", "", "c", "", "dé", "");
                assertThat(lines.rest()).isNull();
            }
        }
    }

    @Test
    void anUnfinishedLineIsTheRest() {
        Lines lines = new Lines();
        lines.add(List.of(utf8("a\nb"), utf8("c")));

        assertThat(all(lines)).containsExactly("a");
        assertThat(lines.rest()).asString(StandardCharsets.UTF_8).isEqualTo("bc");
        assertThat(lines.rest()).isNull();
    }

    private static List<String> all(Lines lines) {
        List<String> all = new ArrayList<>();
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            all.add(new String(line, StandardCharsets.UTF_8));
        }
        return all;
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
