package io.millrace.topic;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The catalogue's reads from the database. */
@Component
class TopicReader {

    /** The most names in one query, far below PostgreSQL's limit of 65,535 parameters. */
    private static final int NAMES_AT_ONCE = 1000;

    private final TopicRepository topics;
    private final TopicTransactions transactions;

    TopicReader(TopicRepository topics, TopicTransactions transactions) {
        this.topics = topics;
        this.transactions = transactions;
    }

    /** The version of the catalogue: later reads see all changes up to it. */
    long version() {
        return transactions.read(transactions::version);
    }

    /** The topics of these names; those that do not exist are left out. */
    List<Topic> read(Collection<String> names) {
        return transactions.read(() ->
                topics.findByNameIn(names).stream().map(TopicEntity::toTopic).toList());
    }

    /** The present state of the given topics, by name: the same instance if unchanged, no entry if deleted. */
    Map<String, Topic> refreshed(Map<String, Topic> known) {
        Map<String, Topic> fresh = new HashMap<>();
        List<String> names = List.copyOf(known.keySet());
        for (int from = 0; from < names.size(); from += NAMES_AT_ONCE) {
            List<String> some = names.subList(from, Math.min(from + NAMES_AT_ONCE, names.size()));
            fresh.putAll(refreshed(known, some));
        }
        return fresh;
    }

    private Map<String, Topic> refreshed(Map<String, Topic> known, List<String> names) {
        Map<String, Topic> fresh = new HashMap<>();
        List<String> changed = new ArrayList<>();
        for (TopicRepository.VersionRow row : transactions.read(() -> topics.findVersions(names))) {
            Topic topic = known.get(row.name());
            if (topic != null && topic.id() == row.id() && topic.version() == row.version()) {
                fresh.put(row.name(), topic);
            } else {
                changed.add(row.name());
            }
        }
        if (!changed.isEmpty()) {
            read(changed).forEach(topic -> fresh.put(topic.name(), topic));
        }
        return fresh;
    }
}
