package io.millrace.bench.produce;

import io.millrace.bench.content.RecordShape;
import io.millrace.bench.format.Refs;
import io.millrace.bench.format.TopicNames;
import io.millrace.bench.run.Schedule;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What to produce, and how.
 *
 * @param topics that each thread sends to in turn
 * @param connections of all threads together
 * @param inFlight unanswered requests allowed per connection
 * @param batch records per request
 * @param rate records per second of all connections together; 0 to send the next request when one is answered
 */
public record Production(
        TopicNames topics,
        ProduceProtocol protocol,
        int connections,
        int inFlight,
        int batch,
        RecordShape shape,
        Acks acks,
        double rate) {

    /** Per connection: the number of different {@code ref}s. */
    public static final int MOST_IN_FLIGHT = Refs.COUNT;

    /** When requests are answered. */
    public enum Acks {
        /** Before its records are stored. */
        NONE(io.millrace.event.Acks.NONE),
        /** After they are stored. */
        LEADER(io.millrace.event.Acks.LEADER);

        private final io.millrace.event.Acks level;

        Acks(io.millrace.event.Acks level) {
            this.level = level;
        }

        io.millrace.event.Acks level() {
            return level;
        }

        @Override
        public String toString() {
            return level.parameter();
        }
    }

    boolean closedLoop() {
        return rate == 0;
    }

    /** When one of several threads must send; null in a closed loop. */
    @Nullable
    Schedule schedule(long start, int thread, int threads) {
        return closedLoop() ? null : Schedule.of(start, rate, batch, thread, threads);
    }

    /** The number of requests to send after the warm-up, for all threads; null if time is the limit. */
    public static @Nullable AtomicLong budget(long records, int batch) {
        return records == 0 ? null : new AtomicLong(records / batch);
    }
}
