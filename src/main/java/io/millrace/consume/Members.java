package io.millrace.consume;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.group.Groups;
import io.millrace.group.Heartbeat;
import io.millrace.group.JoinRequest;
import io.millrace.group.Joined;
import io.millrace.group.OffsetCommit;
import io.millrace.security.Caller;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.springframework.stereotype.Component;

/**
 * What members without a connection do besides reading, which {@link MemberCalls} is for. Each call checks what the
 * caller may do, and fails with that refusal, or as {@link Groups} does. Blocks; safe for any thread.
 */
@Component
public class Members {

    private final Groups groups;
    private final MemberAccess access;

    Members(Groups groups, MemberAccess access) {
        this.groups = groups;
        this.access = access;
    }

    public Joined join(Caller caller, JoinRequest request) {
        access.check(caller, request.group(), request.topics());
        return groups.joinDetached(request);
    }

    /**
     * A sign of life, as {@link Groups#heartbeat} takes it.
     *
     * @param epoch the newest that the member knows; empty for the last that it was told
     * @throws HubException {@link HubError#INVALID_REQUEST} for one that the member cannot have been told
     */
    public Heartbeat heartbeat(Caller caller, String group, String memberId, OptionalLong epoch) {
        access.check(caller, group);
        if (epoch.isPresent()) {
            MemberEpochs.checkNotNewer(epoch.getAsLong(), groups.assignment(group, memberId), Place.field("epoch"));
        }
        return groups.heartbeat(group, memberId, epoch, Duration.ZERO);
    }

    /**
     * Commits positions, as {@link Groups#commit} does.
     *
     * @return the member's epoch
     */
    public long commit(Caller caller, String group, String memberId, OptionalLong epoch, List<OffsetCommit> positions) {
        access.checkCommit(caller, group, OffsetCommit.topics(positions));
        return groups.commit(group, memberId, epoch, positions);
    }

    /** Removes a member, whichever node it is connected to. */
    public void leave(Caller caller, String group, String memberId) {
        access.check(caller, group);
        groups.leave(group, memberId);
    }
}
