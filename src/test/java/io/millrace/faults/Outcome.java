package io.millrace.faults;

import java.util.List;

/** What the producer of a request knows about it. */
sealed interface Outcome {

    /** The hub said where each record is, in the order of the request. */
    record Stored(List<Position> positions) implements Outcome {}

    /** The hub said, or the network made sure, that nothing is stored. */
    record NotStored() implements Outcome {}

    /** There was no answer, or the answer was that nobody can tell. */
    record Unknown() implements Outcome {}
}
