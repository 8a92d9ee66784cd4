package io.millrace.verify.history;

import io.millrace.codec.ReadPage;
import io.millrace.codec.ReadRecord;
import java.util.ArrayList;
import java.util.List;

/** A record that was read from the log. */
public record Logged(Position at, Mark mark) {

    /**
     * The records of one answer to a read.
     *
     * @param sent the requests among which they are
     */
    public static List<Logged> of(ReadPage page, History sent) {
        List<Logged> records = new ArrayList<>();
        for (ReadRecord record : page.records()) {
            records.add(new Logged(new Position(page.partition(), record.offset()), sent.shared(Mark.of(record))));
        }
        return records;
    }

    @Override
    public String toString() {
        return mark + " at " + at;
    }
}
