package io.millrace.produce;

import io.millrace.append.Appender;
import io.millrace.edge.LimitsProperties;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.event.RecordLimits;
import io.millrace.security.Access;
import io.millrace.security.Caller;
import io.millrace.security.Permission;
import io.millrace.security.Permission.Operation;
import io.millrace.security.Quotas;
import io.millrace.security.Quotas.Kind;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicCatalogue;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Finds a produce request's topic and checks the caller's permission and quota, for every protocol. Safe for any
 * thread.
 */
@Component
public final class Producing {

    private final TopicCatalogue catalogue;
    private final Appender appender;
    private final LimitsProperties limits;
    private final Access access;
    private final Quotas quotas;

    Producing(TopicCatalogue catalogue, Appender appender, LimitsProperties limits, Access access, Quotas quotas) {
        this.catalogue = catalogue;
        this.appender = appender;
        this.limits = limits;
        this.access = access;
        this.quotas = quotas;
    }

    /** Whether {@link #known} would find the topic in this node's memory. Never blocks. */
    public boolean knows(String topic) {
        return catalogue.cached(topic) != null;
    }

    /**
     * A producer for a topic that is in this node's memory. Never blocks.
     *
     * @return null if the topic is not in memory: then {@link #require} asks the database
     * @throws HubException if the caller may not write to the topic
     */
    public @Nullable TopicProducer known(Caller caller, String topic) {
        check(caller, topic);
        Topic found = catalogue.cached(topic);
        return found == null ? null : into(caller, found);
    }

    /**
     * A producer for a topic. May block to ask the database.
     *
     * @throws HubException if the caller may not write to the topic; {@link HubError#UNKNOWN_TOPIC},
     *     {@link HubError#STORAGE_UNAVAILABLE}
     */
    public TopicProducer require(Caller caller, String topic) {
        check(caller, topic);
        return into(caller, catalogue.require(topic));
    }

    private TopicProducer into(Caller caller, Topic topic) {
        RecordLimits ofTopic = limits.ofRecords(topic.config().maxRecordBytes())
                .requiringKeys(topic.config().cleanupPolicy().compacts());
        return new TopicProducer(topic, ofTopic, appender, records -> {
            check(caller, topic.name());
            if (quotas.limit(caller, Kind.PRODUCED_BYTES)) {
                quotas.take(caller, Kind.PRODUCED_BYTES, bytes(records));
            }
        });
    }

    /** Empty records count as a byte: a quota is not for nothing. */
    private static long bytes(List<NewRecord> records) {
        long bytes = 0;
        for (NewRecord record : records) {
            bytes += Math.max(1, record.size());
        }
        return bytes;
    }

    private void check(Caller caller, String topic) {
        access.check(caller, Permission.topic(Operation.WRITE, topic));
    }
}
