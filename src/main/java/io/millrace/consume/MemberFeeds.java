package io.millrace.consume;

import io.millrace.fetch.Subscription;
import io.millrace.group.GroupProperties;
import io.millrace.group.Groups;
import io.millrace.security.Caller;
import io.millrace.time.Ticker;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Makes the feeds of members that have a connection. Safe for any thread. */
@Component
public class MemberFeeds {

    private final Groups groups;
    private final OwnedPartitions owned;
    private final MemberAccess access;
    private final Duration revokeTimeout;
    private final Ticker ticker;

    MemberFeeds(Groups groups, OwnedPartitions owned, MemberAccess access, GroupProperties properties, Ticker ticker) {
        this.groups = groups;
        this.owned = owned;
        this.access = access;
        this.revokeTimeout = properties.revokeTimeout();
        this.ticker = ticker;
    }

    /**
     * A feed that has not joined yet.
     *
     * @param subscription follows what the member owns; stays its caller's
     */
    public MemberFeed feed(Caller caller, JoinTerms terms, Subscription subscription) {
        MemberShare share = new MemberShare(revokeTimeout, MemberFeed.RETRY, ticker);
        MemberFeed feed = new MemberFeed(groups, owned, access, share, caller, terms, subscription, ticker);
        subscription.admit(feed::mayTake);
        return feed;
    }
}
