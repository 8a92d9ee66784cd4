package io.millrace.cursor;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param retention how long a reader of many partitions may stay away and still resume: the default of topics'
 *     retention
 * @param maxStored of all bases in the database; beyond it those go first that have not been used for longest
 * @param sweepInterval how often each node looks for bases that may go
 * @param cachedPositions positions of bases that a node remembers; each takes 12 bytes of memory
 * @param transactionTimeout how long storing or finding a base may take, in whole seconds
 */
@ConfigurationProperties("millrace.cursors")
public record CursorProperties(
        @DefaultValue("7d") Duration retention,
        @DefaultValue("1GB") DataSize maxStored,
        @DefaultValue("5m") Duration sweepInterval,
        @DefaultValue("500000") int cachedPositions,
        @DefaultValue("10s") Duration transactionTimeout) {}
