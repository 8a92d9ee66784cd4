package io.millrace.consume;

import io.millrace.fetch.Subscription;
import io.millrace.fetch.Subscriptions;
import io.millrace.group.GroupProperties;
import io.millrace.group.Groups;
import io.millrace.topic.TopicCatalogue;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Makes the feeds of members that have a connection. Safe for any thread. */
@Component
public class MemberFeeds {

    private final Groups groups;
    private final TopicCatalogue catalogue;
    private final Subscriptions subscriptions;
    private final GroupProperties properties;

    MemberFeeds(Groups groups, TopicCatalogue catalogue, Subscriptions subscriptions, GroupProperties properties) {
        this.groups = groups;
        this.catalogue = catalogue;
        this.subscriptions = subscriptions;
        this.properties = properties;
    }

    /**
     * A feed that has not joined yet.
     *
     * @param subscription follows what the member owns; stays its caller's
     */
    public MemberFeed feed(JoinTerms terms, Subscription subscription) {
        return new MemberFeed(this, terms, subscription);
    }

    Groups groups() {
        return groups;
    }

    TopicCatalogue catalogue() {
        return catalogue;
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    Duration revokeTimeout() {
        return properties.revokeTimeout();
    }
}
