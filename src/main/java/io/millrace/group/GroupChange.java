package io.millrace.group;

/** A change of a group, made under its lock. */
@FunctionalInterface
public interface GroupChange {

    /**
     * Changes the state. Whatever makes it fail is found before anything is changed, so that others' changes in the
     * same transaction stand.
     *
     * @throws io.millrace.event.HubException if the change is refused
     */
    void apply(GroupState group);
}
