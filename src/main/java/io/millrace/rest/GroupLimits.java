package io.millrace.rest;

import io.millrace.consume.GroupRequests;
import io.millrace.edge.StatedLimits;
import io.millrace.group.GroupName;
import io.millrace.group.GroupProperties;
import io.millrace.group.OffsetCommit;
import java.util.function.BiConsumer;
import org.springframework.stereotype.Component;

/** States the limits that members of groups can meet. */
@Component
final class GroupLimits implements StatedLimits {

    static final int MOST_OFFSETS = 10_000;

    private final GroupProperties properties;

    GroupLimits(GroupProperties properties) {
        this.properties = properties;
    }

    @Override
    public void state(BiConsumer<String, Object> limit) {
        limit.accept("max_group_name_chars", GroupName.LONGEST);
        limit.accept("max_members_per_group", properties.maxMembers());
        limit.accept("max_topics_per_member", GroupRequests.MOST_TOPICS);
        limit.accept("max_offsets_per_request", MOST_OFFSETS);
        limit.accept("max_offset_metadata_chars", OffsetCommit.LONGEST_METADATA);
        limit.accept("min_session_timeout_ms", properties.minSessionTimeout().toMillis());
        limit.accept("max_session_timeout_ms", properties.maxSessionTimeout().toMillis());
    }
}
