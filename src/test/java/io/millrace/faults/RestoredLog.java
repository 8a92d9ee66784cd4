package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.EventStream;
import io.millrace.client.HubClient;
import io.millrace.client.RecordCalls.Following;
import io.millrace.client.RecordCalls.Range;
import io.millrace.client.message.CommitOffset;
import io.millrace.client.message.Frame;
import io.millrace.client.message.Join;
import io.millrace.event.Acks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A topic of one partition whose first records survive a restore. All others are lost, and new ones get their offsets.
 */
record RestoredLog(int kept) {

    static final String TOPIC = "orders";

    private static final Duration SECONDS = Duration.ofSeconds(30);

    /** Stores the next of the records that are kept. */
    void produceKept(HubClient client, int from, int to) throws Exception {
        client.topics().describeOrCreate(TOPIC, 1);
        produce(client, named("kept", to).skip(from));
    }

    /** Stores records whose values are {@code <name>-0} and so on. */
    void produce(HubClient client, String name, int count) throws Exception {
        produce(client, named(name, count));
    }

    private static void produce(HubClient client, Stream<String> values) throws Exception {
        for (String value : values.toList()) {
            byte[] body = ("{\"records\":[{\"value\":\"" + value + "\"}]}").getBytes(StandardCharsets.UTF_8);
            client.records().produce(TOPIC, body, Acks.LEADER);
        }
    }

    /** Stores records that will be lost; returns the cursor of a reader that has read them all. */
    String produceAndRead(HubClient client, String name, int count) throws Exception {
        try (EventStream stream = client.records().follow(TOPIC, Following.from("earliest"))) {
            Reader reader = new Reader(stream);
            reader.values(kept);
            produce(client, name, count);
            assertThat(reader.values(count))
                    .containsExactlyElementsOf(named(name, count).toList());
            return reader.cursor;
        }
    }

    /**
     * Checks that the log is the kept records and those of a name, at offsets without a hole, and that a reader of lost
     * records is told so and gets the new ones; returns the cursor of that reader at the end.
     */
    String check(HubClient client, String cursor, String name, int count) throws Exception {
        List<String> all = new ArrayList<>(named("kept", kept).toList());
        all.addAll(named(name, count).toList());
        var read = client.records().read(TOPIC, 0, Range.from(0)).records();
        assertThat(read).extracting(record -> text(record.value())).isEqualTo(all);
        assertThat(read)
                .extracting(record -> (int) record.offset())
                .isEqualTo(IntStream.range(0, all.size()).boxed().toList());
        try (EventStream stream = client.records().follow(TOPIC, Following.behind(cursor))) {
            Reader reader = new Reader(stream);
            assertThat(reader.reset()).isEqualTo("epoch_changed to " + kept);
            assertThat(reader.values(count))
                    .containsExactlyElementsOf(named(name, count).toList());
            return reader.cursor;
        }
    }

    /** Commits an offset of a group, by a member that joins for it and leaves. */
    void commit(HubClient client, String group, long nextOffset) throws Exception {
        String member =
                client.members().join(group, Join.of(TOPIC).from("earliest")).memberId();
        client.members().commit(group, member, null, List.of(new CommitOffset(TOPIC, 0, nextOffset)));
        client.members().leave(group, member);
    }

    long committed(HubClient client, String group) throws Exception {
        return client.groups().offsets(group).getFirst().nextOffset();
    }

    private static Stream<String> named(String name, int count) {
        return IntStream.range(0, count).mapToObj(number -> name + "-" + number);
    }

    private static String text(byte[] value) {
        return new String(value, StandardCharsets.UTF_8).replace("\"", "");
    }

    /** Of one event stream, and its last cursor. */
    private static final class Reader {

        private final EventStream stream;
        private String cursor = "";

        Reader(EventStream stream) {
            this.stream = stream;
        }

        List<String> values(int count) throws Exception {
            List<String> values = new ArrayList<>();
            while (values.size() < count) {
                if (next() instanceof Frame.Records records) {
                    records.page().records().forEach(record -> values.add(text(record.value())));
                }
            }
            return values;
        }

        /** Why there is a gap, and where the stream goes on; fails if a record comes before that is told. */
        String reset() throws Exception {
            while (true) {
                Frame frame = next();
                assertThat(frame).isNotInstanceOf(Frame.Records.class);
                if (frame instanceof Frame.Reset reset) {
                    return reset.reason() + " to "
                            + reset.partitions().getFirst().nextOffset();
                }
            }
        }

        private Frame next() throws Exception {
            Frame.Event event = stream.next(SECONDS);
            assertThat(event).as("the stream goes on").isNotNull();
            if (event.cursor() != null) {
                cursor = event.cursor();
            }
            return event.frame();
        }
    }
}
