package io.millrace.group;

import io.millrace.cluster.Node;
import io.millrace.time.Deadline;
import io.millrace.time.Ticker;
import io.millrace.topic.TopicCatalogue;
import java.time.Duration;

/**
 * Does for groups what no call asks for: expels members whose time has run out, takes in topics that are new, and
 * removes members whose row names this node although it does not serve them. Those are left behind by a join whose
 * outcome was unknown, or by a connection that ended while PostgreSQL was away; the node's lease would keep them alive
 * for ever. One thread calls {@link #round} again and again.
 */
final class GroupSweep {

    private final GroupStore store;
    private final MemberStore memberStore;
    private final GroupChanges changes;
    private final TopicCatalogue topics;
    private final LocalMembers members;
    private final Node node;
    private final Ticker ticker;
    private Deadline straysDue;

    GroupSweep(
            GroupStore store,
            MemberStore memberStore,
            GroupChanges changes,
            TopicCatalogue topics,
            LocalMembers members,
            Node node,
            Ticker ticker) {
        this.store = store;
        this.memberStore = memberStore;
        this.changes = changes;
        this.topics = topics;
        this.members = members;
        this.node = node;
        this.ticker = ticker;
        this.straysDue = ticker.in(Duration.ZERO);
    }

    void round() {
        store.groupsToSettle(topics.version()).forEach(changes::settle);
        if (members.takeDoubt() || straysDue.isOver()) {
            try {
                removeStrays();
            } catch (RuntimeException failure) {
                members.doubt();
                throw failure;
            }
            straysDue = ticker.in(node.lease());
        }
    }

    private void removeStrays() {
        for (MemberStore.Served served : memberStore.served(node.name())) {
            if (!members.knows(served.memberId())) {
                members.departs(changes.make(served.group(), false, state -> state.disconnect(served.memberId())));
            }
        }
    }
}
