package io.millrace.consume;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.group.Assignment;

/** Checks epochs that members name. */
public final class MemberEpochs {

    private MemberEpochs() {}

    /** @throws HubException {@link HubError#INVALID_REQUEST} for one that the member cannot have been told */
    public static void checkNotNewer(long epoch, Assignment now, Place place) {
        if (epoch > now.epoch()) {
            String detail = "the member's epoch is " + now.epoch() + ", not yet " + epoch;
            throw new HubException(HubError.INVALID_REQUEST, place, "unknown_epoch", detail);
        }
    }
}
