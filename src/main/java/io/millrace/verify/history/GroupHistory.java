package io.millrace.verify.history;

import io.millrace.codec.ReadRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** The events of a group, in the order of time. Thread-safe. */
public final class GroupHistory {

    private final List<GroupEvent> events = new ArrayList<>();
    private final History sent;

    /** @param sent the requests whose records the group reads */
    public GroupHistory(History sent) {
        this.sent = sent;
    }

    /** Adds an event at the current time, so events are in the order of their times. */
    public synchronized <E extends GroupEvent> E add(LongFunction<E> event) {
        E added = event.apply(System.nanoTime());
        events.add(added);
        return added;
    }

    /** The mark of a record that a member has read. */
    public Mark mark(ReadRecord record) {
        return sent.shared(Mark.of(record));
    }

    public synchronized List<GroupEvent> events() {
        return List.copyOf(events);
    }

    /** Events of one kind from this moment on. */
    public synchronized <E extends GroupEvent> List<E> since(long nanoTime, Class<E> kind) {
        return events.stream()
                .filter(event -> event.at() >= nanoTime)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    public <E extends GroupEvent> List<E> all(Class<E> kind) {
        return since(Long.MIN_VALUE / 2, kind);
    }
}
