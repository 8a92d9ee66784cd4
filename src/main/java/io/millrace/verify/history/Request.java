package io.millrace.verify.history;

import java.util.List;

/** A request that was sent, and its outcome. */
public record Request(String id, List<Mark> records, Outcome outcome) {

    /** Whether this record was sent with it, unchanged. */
    public boolean contains(Mark mark) {
        return mark.index() >= 0
                && mark.index() < records.size()
                && records.get(mark.index()).equals(mark);
    }

    /** The sent record, if the given one equals it: then equal ones are in memory once. */
    Mark shared(Mark mark) {
        return contains(mark) ? records.get(mark.index()) : mark;
    }
}
