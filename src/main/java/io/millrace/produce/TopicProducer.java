package io.millrace.produce;

import io.millrace.append.Appender;
import io.millrace.event.Acks;
import io.millrace.event.Appended;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.event.Place;
import io.millrace.event.RecordLimits;
import io.millrace.topic.Topic;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Produces to one topic for one caller, for the length of one request. Never blocks; safe for any thread. */
public final class TopicProducer {

    private static final int LEAST_FOR_ALL = 2;

    private final Topic topic;
    private final RecordLimits limits;
    private final Appender appender;
    private final Consumer<List<NewRecord>> check;

    /**
     * @param check refuses the records of a call if the caller may no longer write, or has used up its quota: a request
     *     may go on for hours
     */
    TopicProducer(Topic topic, RecordLimits limits, Appender appender, Consumer<List<NewRecord>> check) {
        this.topic = topic;
        this.limits = limits;
        this.appender = appender;
        this.check = check;
    }

    /** The limits of a request to this topic, for the parser. */
    public RecordLimits limits() {
        return limits;
    }

    /**
     * Stores records: all of them or, whatever the failure, none. If one thread makes two calls, the first gets the
     * lower offsets in each partition.
     *
     * @param records at least one; refusals name a record's place as {@link Place.OfRecord}, counted from 0
     * @return completes on any thread once the acks of the terms are reached; with {@link Acks#NONE} at once, without
     *     offsets. Fails with a {@link HubException}: {@link HubError#UNKNOWN_TOPIC} if the topic was deleted
     *     meanwhile, {@link HubError#STORAGE_UNAVAILABLE} if nothing was stored, {@link HubError#OUTCOME_UNKNOWN} if
     *     the records may or may not be stored
     * @throws HubException if the call is refused before anything is queued: {@link HubError#RECORD_TOO_LARGE},
     *     {@link HubError#INVALID_RECORD}, {@link HubError#UNKNOWN_PARTITION}, {@link HubError#OVERLOADED},
     *     {@link HubError#STORAGE_UNAVAILABLE}, {@link HubError#NOT_ENOUGH_REPLICAS}, {@link HubError#QUOTA_EXCEEDED},
     *     and if the caller may no longer write
     */
    public CompletableFuture<Appended> produce(List<NewRecord> records, Terms terms) {
        limits.checkSizes(records);
        limits.checkKeys(records);
        check.accept(records);
        CompletableFuture<Appended> stored = appender.append(topic, records, copies(terms.acks()));
        return terms.acks() == Acks.NONE ? CompletableFuture.completedFuture(Appended.NOTHING_KNOWN) : stored;
    }

    /** A producer that asks for all wants to survive the loss of the primary, whatever the topic asks for. */
    private int copies(Acks acks) {
        return acks == Acks.ALL ? Math.max(LEAST_FOR_ALL, topic.config().minInsyncReplicas()) : 1;
    }
}
