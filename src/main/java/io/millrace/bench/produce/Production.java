package io.millrace.bench.produce;

import io.millrace.bench.content.RecordShape;
import io.millrace.bench.format.Refs;
import io.millrace.bench.format.TopicNames;
import io.millrace.bench.run.Schedule;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What is to be produced.
 *
 * @param topics to which the requests of each thread go in turn
 * @param connections of all threads together
 * @param inFlight requests of one connection that may be unanswered
 * @param batch records of a request
 * @param rate records a second of all connections together; 0 to send the next request when one is answered
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

    /** Of one connection: a {@code ref} tells no more requests apart. */
    public static final int MOST_IN_FLIGHT = Refs.COUNT;

    /** How a request wants to be answered. */
    public enum Acks {
        /** Before its records are stored. */
        NONE(io.millrace.event.Acks.NONE),
        /** When they are. */
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

    /** When one of several threads is to send; null in a closed loop. */
    @Nullable
    Schedule schedule(long start, int thread, int threads) {
        return closedLoop() ? null : Schedule.of(start, rate, batch, thread, threads);
    }

    /** Requests that are left to send once the warm-up is over, of all threads; null if the time is the limit. */
    public static @Nullable AtomicLong budget(long records, int batch) {
        return records == 0 ? null : new AtomicLong(records / batch);
    }
}
