package io.millrace.group;

import io.millrace.topic.Topic;
import io.millrace.topic.Topics;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The topics that a group's members subscribe to.
 *
 * @param version the catalogue's, read before the topics were: they are at least as new
 */
record TopicSnapshot(long version, List<Topic> topics) {

    /** The names of the topics that a subscription means. */
    Set<String> matching(Collection<String> subscription) {
        return topics.stream()
                .map(Topic::name)
                .filter(name -> subscription.stream().anyMatch(pattern -> Topics.matches(pattern, name)))
                .collect(Collectors.toSet());
    }
}
