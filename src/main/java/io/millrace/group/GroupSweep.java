package io.millrace.group;

import io.millrace.topic.Topics;

/**
 * Looks after groups that nobody asks about: expels members whose time has run out, takes in topics that are new, and
 * removes members whose row names this node although it does not serve them. Those are left behind by a join whose
 * outcome was unknown, or by a connection that ended while PostgreSQL was away; the node's lease would keep them alive
 * for ever. One thread calls {@link #round} again and again.
 */
final class GroupSweep {

    private final GroupStore store;
    private final MemberStore memberStore;
    private final GroupChanges changes;
    private final Topics topics;
    private final LocalMembers members;
    private final NodeLease lease;

    GroupSweep(
            GroupStore store,
            MemberStore memberStore,
            GroupChanges changes,
            Topics topics,
            LocalMembers members,
            NodeLease lease) {
        this.store = store;
        this.memberStore = memberStore;
        this.changes = changes;
        this.topics = topics;
        this.members = members;
        this.lease = lease;
    }

    void round() {
        for (String group : store.groupsToSettle(topics.version())) {
            changes.settle(group).thenRun(members::check);
        }
        for (MemberStore.Served served : memberStore.served(lease.nodeId())) {
            if (!members.knows(served.memberId())) {
                changes.make(served.group(), false, state -> state.disconnect(served.memberId()))
                        .thenRun(members::check);
            }
        }
    }
}
