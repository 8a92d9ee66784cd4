package io.millrace.consume;

import io.millrace.fetch.Subscription;
import io.millrace.group.GroupProperties;
import io.millrace.group.Groups;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Makes the feeds of members that have a connection. Safe for any thread. */
@Component
public class MemberFeeds {

    private final Groups groups;
    private final OwnedPartitions owned;
    private final Duration revokeTimeout;

    MemberFeeds(Groups groups, OwnedPartitions owned, GroupProperties properties) {
        this.groups = groups;
        this.owned = owned;
        this.revokeTimeout = properties.revokeTimeout();
    }

    /**
     * A feed that has not joined yet.
     *
     * @param subscription follows what the member owns; stays its caller's
     */
    public MemberFeed feed(JoinTerms terms, Subscription subscription) {
        return new MemberFeed(groups, owned, new MemberShare(revokeTimeout), terms, subscription);
    }
}
