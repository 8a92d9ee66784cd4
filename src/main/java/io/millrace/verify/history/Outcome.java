package io.millrace.verify.history;

import io.millrace.client.NoAnswerException;
import io.millrace.client.RefusedException;
import java.util.List;
import java.util.Set;

/** The outcome of a request to produce, as far as its producer knows. */
public sealed interface Outcome {

    /** The hub acknowledged a position for each record, in the order of the request. */
    record Stored(List<Position> positions) implements Outcome {}

    /** Nothing is stored: the hub said so, or the request was not sent. */
    record NotStored() implements Outcome {}

    /** There was no answer, or the answer does not say whether the records are stored. */
    record Unknown() implements Outcome {}

    /** The codes of refusals that do not say that nothing is stored. */
    Set<String> UNCERTAIN = Set.of("outcome_unknown", "internal");

    /** A refusal without a code is not a hub's, such as a proxy's 502: the request may have passed it. */
    static Outcome of(RefusedException refusal) {
        return refusal.code().isEmpty() || UNCERTAIN.contains(refusal.code()) ? new Unknown() : new NotStored();
    }

    static Outcome of(NoAnswerException unanswered) {
        return unanswered.mayBeCarriedOut() ? new Unknown() : new NotStored();
    }
}
