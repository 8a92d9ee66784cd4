package io.millrace.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** The events of a group, in the order of time. Thread-safe. */
final class GroupHistory {

    private final List<GroupEvent> events = new ArrayList<>();

    /** Adds an event at the current time, so events are in the order of their times. */
    synchronized <E extends GroupEvent> E add(LongFunction<E> event) {
        E added = event.apply(System.nanoTime());
        events.add(added);
        return added;
    }

    synchronized List<GroupEvent> events() {
        return List.copyOf(events);
    }

    /** Events of one kind from this moment on. */
    synchronized <E extends GroupEvent> List<E> since(long nanoTime, Class<E> kind) {
        return events.stream()
                .filter(event -> event.at() >= nanoTime)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    <E extends GroupEvent> List<E> all(Class<E> kind) {
        return since(Long.MIN_VALUE / 2, kind);
    }
}
