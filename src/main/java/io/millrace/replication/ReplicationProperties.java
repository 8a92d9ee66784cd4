package io.millrace.replication;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Waiting for standbys.
 *
 * @param timeout how long a request waits for them after its records are stored; its outcome is unknown then. Shorter
 *     than clients' usual timeouts, longer than a checkpoint of a busy standby delays it
 */
@ConfigurationProperties("millrace.replication")
public record ReplicationProperties(@DefaultValue("10s") Duration timeout) {}
