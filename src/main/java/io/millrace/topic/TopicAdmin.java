package io.millrace.topic;

import io.millrace.event.HubException;
import io.millrace.security.Access;
import io.millrace.security.Caller;
import io.millrace.security.Listing;
import io.millrace.security.Permission;
import io.millrace.security.Permission.Operation;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Topics as operators see them, for every protocol: each call checks the caller's permission. Blocks; safe for any
 * thread. Throws as the calls of {@link Topics} do, and as {@link Access} does.
 */
@Component
public class TopicAdmin {

    private final Topics topics;
    private final Access access;

    TopicAdmin(Topics topics, Access access) {
        this.topics = topics;
        this.access = access;
    }

    /** Creates a topic with empty partitions. */
    public TopicDescription create(Caller caller, String name, int partitionCount, TopicConfig config) {
        access.check(caller, Permission.topic(Operation.CREATE, name));
        topics.create(name, partitionCount, config);
        return topics.describe(name);
    }

    /**
     * The topics that the caller may describe and whose names begin with a prefix, in the order of their names.
     *
     * @param after the last name of the page before, or null for the first page; no topic of that name need exist
     * @throws HubException {@link io.millrace.event.HubError#INVALID_REQUEST} for a prefix or {@code after} that no
     *     name begins with
     */
    public TopicPage list(Caller caller, String prefix, int limit, @Nullable String after) {
        Listing.Page<TopicSummary> page = Listing.page(
                limit,
                after == null ? "" : after,
                (from, most) -> topics.list(prefix, most, from),
                TopicSummary::name,
                name -> access.allows(caller, Permission.topic(Operation.DESCRIBE, name)));
        return new TopicPage(page.rows(), page.next());
    }

    /** A topic with what is in its partitions. */
    public TopicDescription describe(Caller caller, String name) {
        access.check(caller, Permission.topic(Operation.DESCRIBE, name));
        return topics.describe(name);
    }

    /** Changes the configuration and the number of partitions, as {@link Topics#update} does. */
    public TopicDescription update(
            Caller caller, String name, Predicate<Topic> precondition, ConfigPatch patch, OptionalInt partitionCount) {
        access.check(caller, Permission.topic(Operation.ALTER, name));
        topics.update(name, precondition, patch, partitionCount);
        return topics.describe(name);
    }

    /** Deletes a topic with all its records. */
    public void delete(Caller caller, String name, Predicate<Topic> precondition) {
        access.check(caller, Permission.topic(Operation.DELETE, name));
        topics.delete(name, precondition);
    }
}
