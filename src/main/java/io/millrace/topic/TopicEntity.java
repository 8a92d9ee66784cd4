package io.millrace.topic;

import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.annotations.BatchSize;
import org.hibernate.annotations.Generated;
import org.jspecify.annotations.Nullable;

/** The row of a topic and the rows of its partitions. Changes of either raise the version. */
@Entity
@Table(name = "topic")
class TopicEntity {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private int id;

    @Column(updatable = false)
    private String name = "";

    private long retentionMs;
    private long retentionBytes;
    private String cleanupPolicy = "";
    private int maxRecordBytes;
    private int minInsyncReplicas;
    private long deleteRetentionMs;
    private long minCompactionLagMs;

    /** By the database's clock, which all nodes share. */
    @Generated
    @Column(insertable = false, updatable = false)
    private @Nullable Instant createdAt;

    @Version
    private int version;

    @ElementCollection
    @CollectionTable(name = "topic_partition", joinColumns = @JoinColumn(name = "topic_id"))
    @OrderColumn(name = "partition")
    @Column(name = "partition_id")
    @BatchSize(size = 100)
    private List<Integer> partitionIds = new ArrayList<>();

    /** For Hibernate. */
    TopicEntity() {}

    TopicEntity(String name, TopicConfig config, List<Integer> partitionIds) {
        this.name = name;
        this.partitionIds = new ArrayList<>(partitionIds);
        configure(config);
    }

    final void configure(TopicConfig config) {
        this.retentionMs = config.retentionMs();
        this.retentionBytes = config.retentionBytes();
        this.cleanupPolicy = config.cleanupPolicy().text();
        this.maxRecordBytes = config.maxRecordBytes();
        this.minInsyncReplicas = config.minInsyncReplicas();
        this.deleteRetentionMs = config.deleteRetentionMs();
        this.minCompactionLagMs = config.minCompactionLagMs();
    }

    void grow(List<Integer> newPartitionIds) {
        partitionIds.addAll(newPartitionIds);
    }

    TopicConfig config() {
        return new TopicConfig(
                retentionMs,
                retentionBytes,
                CleanupPolicy.of(cleanupPolicy).orElseThrow(),
                maxRecordBytes,
                minInsyncReplicas,
                deleteRetentionMs,
                minCompactionLagMs);
    }

    Topic toTopic() {
        return new Topic(id, name, partitionIds, config(), createdAt(), version);
    }

    TopicSummary toSummary(int partitionCount) {
        return new TopicSummary(id, name, partitionCount, config(), createdAt(), version);
    }

    private Instant createdAt() {
        if (createdAt == null) {
            throw new IllegalStateException("topic " + name + " has not been stored yet");
        }
        return createdAt;
    }
}
