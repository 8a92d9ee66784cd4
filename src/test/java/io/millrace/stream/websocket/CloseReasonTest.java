package io.millrace.stream.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/websocket.md} tells clients what to do for each close code, and lists no others. */
class CloseReasonTest {

    /** Codes of clients and their libraries, and 1002, which Netty's decoder sends. */
    private static final Set<Integer> OTHERS = Set.of(1000, 1002, 1006);

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d{4}(?:, \\d{4})*) \\|");

    @Test
    void everyCodeIsInTheGuide() throws IOException {
        List<Integer> listed = ROW.matcher(Files.readString(Path.of("docs", "websocket.md")))
                .results()
                .flatMap(row -> Arrays.stream(row.group(1).split(", ", -1)))
                .map(Integer::valueOf)
                .sorted()
                .toList();
        Set<Integer> closedWith = new TreeSet<>(OTHERS);
        Arrays.stream(CloseReason.values()).map(CloseReason::code).forEach(closedWith::add);

        assertThat(listed).isEqualTo(List.copyOf(closedWith));
    }
}
