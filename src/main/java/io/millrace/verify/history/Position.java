package io.millrace.verify.history;

/** A position in the log of one topic. */
public record Position(int partition, long offset) {

    @Override
    public String toString() {
        return "offset " + offset + " of partition " + partition;
    }
}
