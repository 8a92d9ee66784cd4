package io.millrace.consume;

import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a member asks for in a call that reads.
 *
 * @param epoch the newest that the member knows; empty if it names none
 * @param cursor where to go on, as the member sent it; null to begin where the group has committed
 * @param limit the most records to return
 * @param maxBytes the most bytes of keys, values and headers to return, though at least one record
 * @param maxWait how long to wait for a first record
 */
public record CallTerms(OptionalLong epoch, @Nullable String cursor, int limit, int maxBytes, Duration maxWait) {}
