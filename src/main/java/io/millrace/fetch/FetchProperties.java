package io.millrace.fetch;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param tailCache memory for the newest batches of all partitions together: how far readers can lag before they read
 *     from the database
 * @param pageSize bytes that one read from the database asks for; a reader that lags holds up to three pages in memory
 * @param maxPageBatches the most batches in a page, for partitions whose batches are tiny
 * @param idleAfter a partition that has no reader for this long leaves the tail cache
 * @param retryInterval how long a subscription waits before it asks PostgreSQL again after a failure
 */
@ConfigurationProperties("millrace.fetch")
record FetchProperties(
        @DefaultValue("64MB") DataSize tailCache,
        @DefaultValue("1MB") DataSize pageSize,
        @DefaultValue("1000") int maxPageBatches,
        @DefaultValue("60s") Duration idleAfter,
        @DefaultValue("250ms") Duration retryInterval) {}
