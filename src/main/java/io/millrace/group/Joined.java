package io.millrace.group;

import java.time.Duration;

/**
 * A new member without a connection.
 *
 * @param sessionTimeout after which it is expelled without a call
 * @param heartbeat how often it should call
 */
public record Joined(Assignment assignment, Duration sessionTimeout, Duration heartbeat) {}
