package io.millrace.consume;

import io.millrace.budget.Share;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.TopicPartition;
import io.millrace.fetch.PartitionReader;
import io.millrace.fetch.Subscription;
import io.millrace.fetch.Subscriptions;
import io.millrace.security.Access;
import io.millrace.security.Caller;
import io.millrace.security.Permission;
import io.millrace.security.Permission.Operation;
import io.millrace.security.Quotas;
import io.millrace.security.StreamRights;
import io.millrace.topic.TopicCatalogue;
import org.springframework.stereotype.Component;

/** Gives readers without a group access to the records of topics, whatever the protocol. Safe for any thread. */
@Component
public final class Reading {

    private final TopicCatalogue catalogue;
    private final PartitionReader reader;
    private final Subscriptions subscriptions;
    private final Access access;
    private final Quotas quotas;

    Reading(
            TopicCatalogue catalogue,
            PartitionReader reader,
            Subscriptions subscriptions,
            Access access,
            Quotas quotas) {
        this.catalogue = catalogue;
        this.reader = reader;
        this.subscriptions = subscriptions;
        this.access = access;
        this.quotas = quotas;
    }

    /**
     * The records of a topic. May block, to ask the database.
     *
     * @throws HubException if the caller may not read the topic; {@link HubError#UNKNOWN_TOPIC},
     *     {@link HubError#STORAGE_UNAVAILABLE}
     */
    public TopicRecords require(Caller caller, String topic) {
        check(caller, topic);
        return new TopicRecords(
                catalogue.require(topic),
                reader,
                subscriptions,
                new ConsumeQuota(quotas, caller),
                () -> check(caller, topic));
    }

    private void check(Caller caller, String topic) {
        access.check(caller, Permission.topic(Operation.READ, topic));
    }

    /** Whether a caller may still read what a subscription follows. */
    public StreamRights rights(Caller caller, Subscription subscription) {
        return new StreamRights(access, caller, () -> subscription.positions().keySet().stream()
                .map(TopicPartition::topic)
                .distinct()
                .map(topic -> Permission.topic(Operation.READ, topic))
                .toList());
    }

    /** Whole topics for a subscription to follow, none yet. */
    public WholeTopics wholeTopics(Caller caller) {
        return new WholeTopics(this, catalogue, caller);
    }

    /**
     * A subscription that follows nothing yet, for whole topics, {@link TopicRecords} or a {@link MemberFeed} to make
     * it follow something.
     *
     * @param share of the connection for whose client it reads
     */
    public Subscription open(Caller caller, Share share) {
        Subscription subscription = subscriptions.open(share);
        subscription.rate(new ConsumeQuota(quotas, caller));
        return subscription;
    }
}
