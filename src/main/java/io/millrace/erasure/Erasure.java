package io.millrace.erasure;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key whose records were asked to be erased. The key itself is not told again.
 *
 * @param erasedAt when its records were gone from all tables; null: some may be there
 * @param segments how many segments hold such records still; null: they are to be searched
 */
public record Erasure(
        long id,
        Instant requestedAt,
        @Nullable Instant erasedAt,
        @Nullable Integer segments) {}
