package io.millrace.verify.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.verify.history.Logged;
import io.millrace.verify.history.Mark;
import io.millrace.verify.history.Position;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each test plants one fault into deliveries that are correct without it. */
class DeliveryCheckTest {

    private static final List<Logged> LOG = List.of(at(0, 0, 1), at(0, 1, 2), at(1, 0, 3), at(1, 1, 4));

    @Test
    void aReaderThatReceivesTheLogPasses() {
        assertThat(check(LOG, LOG)).isEmpty();
        // It need not have reached the end.
        assertThat(check(LOG.subList(0, 1), LOG)).isEmpty();
    }

    @Test
    void aDeliveredRecordThatIsGoneIsFound() {
        assertThat(check(LOG, LOG.subList(0, 3)))
                .containsExactly(new Violation(
                        Promise.DELIVERED_RECORDS_STAY,
                        "delivered to it, and later gone: record 0 of request r4 (key k, sequence 4 of p)"
                                + " at offset 1 of partition 1"));
    }

    @Test
    void aRecordThatHasBecomeAnotherIsFound() {
        List<Logged> received = new ArrayList<>(LOG);
        received.set(1, at(0, 1, 9));

        assertThat(check(received, LOG)).singleElement().satisfies(violation -> {
            assertThat(violation.promise()).isEqualTo(Promise.DELIVERED_RECORDS_STAY);
            assertThat(violation.text()).contains("request r9").contains("but the log has record 0 of request r2");
        });
    }

    @Test
    void gapsAndRepetitionsAreFound() {
        assertThat(check(List.of(at(0, 1, 2)), LOG)).singleElement().satisfies(violation -> {
            assertThat(violation.promise()).isEqualTo(Promise.OFFSETS_HAVE_NO_GAPS);
            assertThat(violation.text()).startsWith("offset 0 was expected by it instead of record 0 of request r2");
        });
        assertThat(check(List.of(at(0, 0, 1), at(0, 0, 1)), LOG))
                .extracting(Violation::text)
                .singleElement()
                .asString()
                .startsWith("offset 1 was expected");
    }

    private static List<Violation> check(List<Logged> received, List<Logged> log) {
        return DeliveryCheck.of("it", received, log).first();
    }

    private static Logged at(int partition, long offset, long sequence) {
        return new Logged(new Position(partition, offset), new Mark("r" + sequence, 0, "p", "k", sequence));
    }
}
