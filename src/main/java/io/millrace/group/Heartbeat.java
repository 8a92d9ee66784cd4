package io.millrace.group;

import java.time.Duration;

/**
 * The answer to a member's sign of life.
 *
 * @param assignment what the member owns now
 * @param interval how often it should call
 */
public record Heartbeat(Assignment assignment, Duration interval) {}
