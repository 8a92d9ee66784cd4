package io.millrace.stream.websocket.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.edge.Places;
import io.millrace.event.HubException;
import io.millrace.event.StartPosition;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FrameReaderTest {

    @Test
    void framesAreRead() {
        assertThat(read("{'type':'subscribe','id':'s','topics':['a','b'],'from':'earliest','credits':5}"))
                .isEqualTo(new ClientFrame.SubscribeTopics("s", List.of("a", "b"), new StartPosition.Earliest(), 5));
        assertThat(read("{'type':'subscribe','id':'s','topics':['a'],'from':1700000000000,'credits':0}"))
                .isEqualTo(new ClientFrame.SubscribeTopics(
                        "s", List.of("a"), new StartPosition.AtTimestamp(1_700_000_000_000L), 0));
        assertThat(read("{'type':'subscribe','id':'s','topics':['a'],'from':'1700000000000','credits':0}"))
                .isEqualTo(new ClientFrame.SubscribeTopics(
                        "s", List.of("a"), new StartPosition.AtTimestamp(1_700_000_000_000L), 0));
        assertThat(read("{'credits':1,'partitions':[{'next_offset':42,'partition':3}],'topic':'a','id':'s',"
                        + "'type':'subscribe'}"))
                .isEqualTo(new ClientFrame.SubscribePartitions(
                        "s", "a", List.of(new ClientFrame.Position(new ClientFrame.PartitionName(null, 3), 42)), 1));
        assertThat(read("{'type':'permit','id':'s','records':500,'ref':'r'}"))
                .isEqualTo(new ClientFrame.Permit("s", 500));
        assertThat(read("{'type':'pause','id':'s'}")).isEqualTo(new ClientFrame.Pause("s", List.of()));
        assertThat(read("{'type':'resume','id':'s','partitions':[{'topic':'a','partition':1}]}"))
                .isEqualTo(new ClientFrame.Resume("s", List.of(new ClientFrame.PartitionName("a", 1))));
        assertThat(read("{'type':'unsubscribe','id':'s'}")).isEqualTo(new ClientFrame.Unsubscribe("s"));
    }

    @Test
    void refAndIdOfAnInvalidFrameAreRead() {
        FrameReader reader = new FrameReader();
        byte[] text =
                "{\"type\":\"permit\",\"id\":\"s\",\"ref\":\"r\",\"records\":-1}".getBytes(StandardCharsets.UTF_8);
        catchThrowableOfType(HubException.class, () -> reader.read(text, text.length));
        assertThat(reader.id()).isEqualTo("s");
        assertThat(reader.ref()).isEqualTo("r");
    }

    static Stream<BadFrames.Bad> badFrames() {
        return BadFrames.ALL.stream().filter(bad -> !bad.code().equals("unknown_subscription"));
    }

    @ParameterizedTest
    @MethodSource("badFrames")
    void badFramesAreRefusedWithTheLocationOfTheError(BadFrames.Bad bad) {
        HubException refusal = catchThrowableOfType(HubException.class, () -> read(bad.text()));
        assertThat(refusal).isNotNull();
        assertThat(refusal.error().code()).isEqualTo(bad.code());
        String pointer = refusal.violations().isEmpty()
                ? ""
                : Places.text(refusal.violations().getFirst().place());
        assertThat(pointer).isEqualTo(bad.pointer());
    }

    private static ClientFrame read(String frame) {
        byte[] text = frame.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return new FrameReader().read(text, text.length);
    }
}
