package io.millrace.client;

import io.millrace.client.message.Query;
import io.millrace.client.message.Topic;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Topics: {@code /v1/topics}. Each method is one request; the package documents what they throw. Thread-safe. */
public final class TopicCalls {

    private static final String TOPICS = "/v1/topics";

    private final Transport transport;

    TopicCalls(Transport transport) {
        this.transport = transport;
    }

    /**
     * A page of the list of all topics.
     *
     * @param prefix of the names; null for all
     * @param after {@link Topic.Listing#next} of the previous page; null for the first
     */
    public Topic.Listing list(@Nullable String prefix, @Nullable String after)
            throws NoAnswerException, InterruptedException {
        Query query = new Query(TOPICS).with("prefix", prefix).with("after", after);
        return transport.get("to list topics", query, Topic.Listing.class);
    }

    public Topic describe(String name) throws NoAnswerException, InterruptedException {
        return transport.get("to describe topic " + name, topic(name), Topic.class);
    }

    /** @param config settings by their names in snake_case; empty for the hub's defaults */
    public Topic create(String name, int partitions, Map<String, ?> config)
            throws NoAnswerException, InterruptedException {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("name", name);
        request.put("partitions", partitions);
        if (!config.isEmpty()) {
            request.put("config", config);
        }
        return transport.send("to create topic " + name, "POST", new Query(TOPICS), request, Topic.class);
    }

    /**
     * The topic, which is created if it does not exist. At most two requests, or three if another client creates it at
     * the same time.
     */
    public Topic describeOrCreate(String name, int partitions) throws NoAnswerException, InterruptedException {
        try {
            return describe(name);
        } catch (RefusedException refusal) {
            if (!refusal.code().equals("unknown_topic")) {
                throw refusal;
            }
        }
        try {
            return create(name, partitions, Map.of());
        } catch (RefusedException refusal) {
            if (!refusal.code().equals("topic_exists")) {
                throw refusal;
            }
            return describe(name);
        }
    }

    /**
     * Changes a topic.
     *
     * @param partitions the new number; null to keep it
     * @param config settings that change, by their names in snake_case, null for the default
     */
    public Topic change(String name, @Nullable Integer partitions, Map<String, ?> config)
            throws NoAnswerException, InterruptedException {
        Map<String, Object> request = new LinkedHashMap<>();
        if (partitions != null) {
            request.put("partitions", partitions);
        }
        if (!config.isEmpty()) {
            request.put("config", config);
        }
        return transport.send("to change topic " + name, "PATCH", topic(name), request, Topic.class);
    }

    public void delete(String name) throws NoAnswerException, InterruptedException {
        transport.delete("to delete topic " + name, topic(name));
    }

    private static Query topic(String name) {
        return new Query(TOPICS + "/", name);
    }
}
