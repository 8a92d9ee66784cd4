package io.millrace.topic;

import java.time.Instant;

/** A topic in a list, without the ids of its partitions: there may be thousands. */
public record TopicSummary(
        int id, String name, int partitionCount, TopicConfig config, Instant createdAt, int version) {}
