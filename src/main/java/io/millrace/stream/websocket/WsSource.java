package io.millrace.stream.websocket;

import io.millrace.event.TopicPartition;
import io.millrace.fetch.Delivery;
import io.millrace.stream.websocket.frame.ClientFrame;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What decides which partitions a WebSocket subscription follows: the client, or a group. Used by the subscription's
 * thread, which is woken when there is something to {@link #refresh}.
 */
interface WsSource extends AutoCloseable {

    /** Follows what there is to follow, and tells the client; blocks. */
    void open() throws InterruptedException;

    /** Looks, now and then, whether there is something to refresh. Any thread; does not block. */
    boolean stale();

    /** Brings what is followed up to date, and tells the client; false ends the subscription. */
    boolean refresh() throws InterruptedException;

    /** How long to wait for records before the next {@link #refresh}. */
    Duration longestWait();

    /** Whether these records may be sent to the client. */
    boolean mayDeliver(Delivery.Records records) throws InterruptedException;

    /** At which epoch the partition became the client's; 0 without a group. */
    long epoch(TopicPartition partition);

    /** The partitions go on elsewhere, as the client asked: tells it so. */
    void sought(Map<TopicPartition, Long> nextOffsets) throws InterruptedException;

    /** The partition goes on elsewhere, as its records are gone. */
    void moved(TopicPartition partition, long nextOffset);

    /** The topic was deleted; false if the subscription ends with it. */
    boolean removed(TopicPartition partition);

    /** Commits, and answers. */
    void commit(ClientFrame.Commit frame, @Nullable String ref);

    /** The client unsubscribes. */
    void leave();

    /** The subscription has ended, for whatever reason. */
    @Override
    void close();
}
