package io.millrace.group;

/** A change of a group, made under its lock. */
@FunctionalInterface
public interface GroupChange {

    /**
     * Changes the state. It fails before it has changed anything, or not at all: other changes in the same transaction
     * stand.
     *
     * @throws io.millrace.event.HubException if the change is refused
     */
    void apply(GroupState group);
}
