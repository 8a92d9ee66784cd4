package io.millrace.faults;

import java.util.List;

/** The outcome of a request, as far as its producer knows. */
sealed interface Outcome {

    /** The hub acknowledged a position for each record, in the order of the request. */
    record Stored(List<Position> positions) implements Outcome {}

    /** Nothing is stored: the hub said so, or the request was not sent. */
    record NotStored() implements Outcome {}

    /** There was no answer, or the answer was that the outcome is unknown. */
    record Unknown() implements Outcome {}
}
