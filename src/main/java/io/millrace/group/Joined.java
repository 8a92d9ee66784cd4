package io.millrace.group;

import java.time.Duration;

/**
 * A new member without a connection.
 *
 * @param sessionTimeout how long it may go without a call before it is expelled
 * @param heartbeat how often it should call
 */
public record Joined(Assignment assignment, Duration sessionTimeout, Duration heartbeat) {}
