package io.millrace.fetch;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param tailCache the newest batches of all partitions together, in memory; what readers can lag behind before they
 *     read from the database
 * @param pageSize what one read from the database asks for; a reader that lags behind holds up to three in memory
 * @param maxPageBatches batches in such a page, for partitions whose batches are tiny
 * @param idleAfter a partition that nobody has read for so long leaves the tail cache
 * @param retryInterval how long a subscription rests before it asks PostgreSQL again when that went away
 */
@ConfigurationProperties("millrace.fetch")
record FetchProperties(
        @DefaultValue("64MB") DataSize tailCache,
        @DefaultValue("1MB") DataSize pageSize,
        @DefaultValue("1000") int maxPageBatches,
        @DefaultValue("60s") Duration idleAfter,
        @DefaultValue("250ms") Duration retryInterval) {}
