package io.millrace.append;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param lanes threads that commit, each with a connection of its own; the topics are spread over them. More lanes than
 *     cores gain nothing.
 * @param queueCapacity bytes of records that may wait in one lane; requests beyond it are refused with 503 at once. It
 *     bounds both memory and the wait of a request. All lanes together get at most an eighth of the heap.
 * @param maxCommit a commit takes no more requests once it holds this many bytes: a longer commit gains no throughput
 *     and delays the requests queued after it. One request is never divided.
 * @param longestReconnect the longest rest of a lane between two attempts to reach PostgreSQL
 */
@ConfigurationProperties("millrace.append")
record AppendProperties(
        @DefaultValue("2") int lanes,
        @DefaultValue("64MB") DataSize queueCapacity,
        @DefaultValue("4MB") DataSize maxCommit,
        @DefaultValue("500ms") Duration longestReconnect) {

    private static final int HEAP_SHARE = 8;

    AppendProperties {
        if (lanes < 1 || lanes > 64) {
            throw new IllegalArgumentException("millrace.append.lanes must be 1 to 64");
        }
    }

    /** Bytes that one lane's queue may hold. */
    long queueBytes() {
        return Math.min(queueCapacity.toBytes(), Runtime.getRuntime().maxMemory() / HEAP_SHARE / lanes);
    }
}
