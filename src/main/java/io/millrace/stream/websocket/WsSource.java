package io.millrace.stream.websocket;

import io.millrace.event.TopicPartition;
import io.millrace.fetch.Delivery;
import io.millrace.stream.websocket.frame.ClientFrame;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides which partitions a WebSocket subscription follows: those that the client names, or those that a group
 * assigns. Used by the subscription's thread, which is woken when a {@link #refresh} is due.
 */
interface WsSource extends AutoCloseable {

    /** Follows the first partitions and tells the client; blocks. */
    void open() throws InterruptedException;

    /** Whether a {@link #refresh} is due; asked by the ticker. Any thread; does not block. */
    boolean stale();

    /** Follows and unfollows partitions as needed and tells the client; false ends the subscription. */
    boolean refresh() throws InterruptedException;

    /** How long to wait for records before the next {@link #refresh}. */
    Duration longestWait();

    /** Whether these records may be sent to the client. */
    boolean mayDeliver(Delivery.Records records) throws InterruptedException;

    /** The epoch at which the partition was assigned to the client; 0 without a group. */
    long epoch(TopicPartition partition);

    /** The partitions continue at offsets that the client has sought: confirms them. */
    void sought(Map<TopicPartition, Long> nextOffsets) throws InterruptedException;

    /** The partition continues at another offset, as the next one has expired or lies beyond the end. */
    void moved(Delivery.Reset reset) throws InterruptedException;

    /** The topic was deleted; false if the subscription ends with it. */
    boolean removed(TopicPartition partition);

    /** Commits, then answers. */
    void commit(ClientFrame.Commit frame, @Nullable String ref);

    /** The client unsubscribes. */
    void leave();

    /** The subscription has ended, for whatever reason. */
    @Override
    void close();
}
