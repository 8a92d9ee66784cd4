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

/** A caller's way into one topic, for the length of one request. Never blocks; safe for any thread. */
public final class TopicProducer {

    private final Topic topic;
    private final RecordLimits limits;
    private final Appender appender;

    TopicProducer(Topic topic, RecordLimits limits, Appender appender) {
        this.topic = topic;
        this.limits = limits;
        this.appender = appender;
    }

    /** What a request to this topic may hold, for the parser. */
    public RecordLimits limits() {
        return limits;
    }

    /**
     * Stores records: all of them or, whatever the failure, none. Of two calls that one thread makes after another, the
     * first gets the lower offsets.
     *
     * @param records at least one, whose places in refusals are {@link Place.OfRecord} from 0
     * @return completes once the level of the terms is reached, by any thread; with {@link Acks#NONE} at once, with no
     *     offsets. Fails with a {@link HubException}: {@link HubError#UNKNOWN_TOPIC} if the topic was deleted
     *     meanwhile, {@link HubError#STORAGE_UNAVAILABLE} if nothing was stored, {@link HubError#OUTCOME_UNKNOWN} if
     *     nobody can tell
     * @throws HubException for what is refused before anything is queued: {@link HubError#RECORD_TOO_LARGE},
     *     {@link HubError#UNKNOWN_PARTITION}, {@link HubError#OVERLOADED}, {@link HubError#STORAGE_UNAVAILABLE},
     *     {@link HubError#NOT_ENOUGH_REPLICAS}
     */
    public CompletableFuture<Appended> produce(List<NewRecord> records, Terms terms) {
        if (terms.acks() == Acks.ALL) {
            throw new HubException(
                    HubError.NOT_ENOUGH_REPLICAS, "no synchronous standby is connected, so acks=all cannot be kept");
        }
        limits.checkSizes(records);
        CompletableFuture<Appended> stored = appender.append(topic, records);
        return terms.acks() == Acks.NONE ? CompletableFuture.completedFuture(Appended.NOTHING_KNOWN) : stored;
    }
}
