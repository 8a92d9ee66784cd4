package io.millrace.consume;

import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a member asks for that reads by a call.
 *
 * @param epoch the newest that it knows; empty if it does not say
 * @param cursor where it goes on, as the member sent it; null to begin where the group has committed
 * @param limit at most that many records
 * @param maxBytes at most that many bytes of keys, values and headers, but always one record
 * @param maxWait how long to wait for a first record
 */
public record CallTerms(OptionalLong epoch, @Nullable String cursor, int limit, int maxBytes, Duration maxWait) {}
