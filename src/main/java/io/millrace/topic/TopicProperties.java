package io.millrace.topic;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the catalogue of topics.
 *
 * @param defaultPartitions how many partitions a topic gets if its creator does not say
 * @param maxPartitions the most partitions of one topic: each is a row that is locked when the topic is deleted
 * @param refreshInterval how late a node may notice a change on another node whose notification was lost
 * @param maxCached how many topics a node caches; others are read from the database each time
 * @param transactionTimeout how long creating, changing or deleting a topic may take, in whole seconds; deleting waits
 *     for the appends in progress
 */
@ConfigurationProperties("millrace.topics")
public record TopicProperties(
        @DefaultValue("1") int defaultPartitions,
        @DefaultValue("10000") int maxPartitions,
        @DefaultValue("1s") Duration refreshInterval,
        @DefaultValue("100000") int maxCached,
        @DefaultValue("10s") Duration transactionTimeout) {}
