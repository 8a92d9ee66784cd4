package io.millrace.cursor;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param retention how long a reader of many partitions may stay away and still resume; the default is that of topics'
 *     retention
 * @param maxStored bytes of all bases in the database; beyond it the least recently used are deleted
 * @param sweepInterval how often each node deletes bases that are due
 * @param cachedPositions how many positions of bases a node caches; each takes 12 bytes of memory
 * @param transactionTimeout how long storing or finding a base may take, in whole seconds
 */
@ConfigurationProperties("millrace.cursors")
public record CursorProperties(
        @DefaultValue("7d") Duration retention,
        @DefaultValue("1GB") DataSize maxStored,
        @DefaultValue("5m") Duration sweepInterval,
        @DefaultValue("500000") int cachedPositions,
        @DefaultValue("10s") Duration transactionTimeout) {}
