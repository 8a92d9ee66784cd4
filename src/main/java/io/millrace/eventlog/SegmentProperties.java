package io.millrace.eventlog;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * When a new segment of the log begins. Space is given back a segment at a time, so segments bound how much of it can
 * be waiting; but each open one costs PostgreSQL a table and an index.
 *
 * @param maxSize a segment is sealed when its table has grown to this
 * @param maxAge or when it is this old and holds anything
 * @param compression how batches are stored from the start of the hub on; by lz4, appends write a third and take no
 *     longer
 * @param checkInterval how often a node looks; one node at a time does the work
 */
@ConfigurationProperties("millrace.segment")
record SegmentProperties(
        @DefaultValue("1GB") DataSize maxSize,
        @DefaultValue("1d") Duration maxAge,
        @DefaultValue("lz4") SegmentCompression compression,
        @DefaultValue("10s") Duration checkInterval) {}
