package io.millrace.verify.run;

import io.millrace.client.HubUrl;
import io.millrace.event.Acks;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run does.
 *
 * @param topic created by the run
 * @param members the protocol of each member of the group
 * @param rate records a second, of all producers together
 * @param seed determines what the producers send
 * @param timeout how long a client waits for an answer
 * @param settling how long the deployment may take to recover at the end
 * @param minInsyncReplicas of the topic; null for the hub's default
 * @param keep whether the topic and the group remain
 */
public record Settings(
        List<HubUrl> urls,
        String topic,
        int partitions,
        int producers,
        List<MemberProtocol> members,
        Acks acks,
        Duration duration,
        double rate,
        long seed,
        Duration timeout,
        Duration settling,
        @Nullable Integer minInsyncReplicas,
        boolean keep) {

    /** The history is held in memory: no more records are sent. */
    public static final long MOST_RECORDS = 1_000_000;

    /** The group has the topic's name. */
    String group() {
        return topic;
    }
}
