package io.millrace.retention;

import io.millrace.segment.Cleaning;
import java.time.Duration;

/**
 * How the cleaner of the log is doing.
 *
 * @param cleaning what it has done, as of the end of its last round
 * @param interval how often a round begins, at least
 */
public record CleanerState(Cleaning cleaning, Duration interval) {}
