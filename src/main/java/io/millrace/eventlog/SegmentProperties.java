package io.millrace.eventlog;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * When a new segment of the log begins. Space is freed a segment at a time, so smaller segments free it sooner; but
 * each segment costs PostgreSQL a table and an index.
 *
 * @param maxSize a segment is full when its table has grown to this
 * @param maxAge a segment is full when it is this old and holds anything
 * @param compression how batches are stored from the start of the hub on; with lz4, appends write a third and take no
 *     longer
 * @param checkInterval how often each node checks; one node at a time does the work
 */
@ConfigurationProperties("millrace.segment")
public record SegmentProperties(
        @DefaultValue("1GB") DataSize maxSize,
        @DefaultValue("1d") Duration maxAge,
        @DefaultValue("lz4") SegmentCompression compression,
        @DefaultValue("10s") Duration checkInterval) {}
