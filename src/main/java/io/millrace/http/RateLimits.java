package io.millrace.http;

import io.millrace.security.Caller;
import io.millrace.security.Quotas;
import io.millrace.security.Quotas.Kind;
import io.millrace.security.Quotas.Level;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Counts requests against their callers' quotas, and tells clients how much is left: {@code RateLimit-Policy} and
 * {@code RateLimit}, as the IETF's draft-ietf-httpapi-ratelimit-headers-10 has them. Safe for any thread.
 */
@Component
public final class RateLimits {

    public static final String POLICY = "RateLimit-Policy";
    public static final String LEFT = "RateLimit";
    private static final long SECOND = 1_000_000_000L;

    private final Quotas quotas;

    RateLimits(Quotas quotas) {
        this.quotas = quotas;
    }

    /** Counts a request. Fails as {@link Quotas#take} does. */
    public void count(Caller caller) {
        quotas.take(caller, Kind.REQUESTS, 1);
    }

    /** Counts a connection on which the caller is new. Fails as {@link Quotas#take} does. */
    void connected(Caller caller) {
        quotas.take(caller, Kind.CONNECTIONS, 1);
    }

    /** The headers of an answer to a caller; none if it has no quotas. */
    public Map<String, String> headers(Caller caller) {
        List<Level> levels = quotas.levels(caller);
        return levels.isEmpty()
                ? Map.of()
                : Map.of(
                        POLICY,
                        levels.stream().map(RateLimits::policy).collect(Collectors.joining(", ")),
                        LEFT,
                        levels.stream().map(RateLimits::left).collect(Collectors.joining(", ")));
    }

    private static String policy(Level level) {
        boolean bytes = level.kind() == Kind.PRODUCED_BYTES || level.kind() == Kind.CONSUMED_BYTES;
        return name(level) + ";q=" + level.perSecond() + ";w=1" + (bytes ? ";qu=\"content-bytes\"" : "");
    }

    private static String left(Level level) {
        return name(level) + ";r=" + level.left() + ";t=" + (level.nanosToFull() + SECOND - 1) / SECOND;
    }

    private static String name(Level level) {
        return switch (level.kind()) {
            case REQUESTS -> "\"requests\"";
            case CONNECTIONS -> "\"connections\"";
            case PRODUCED_BYTES -> "\"produced\"";
            case CONSUMED_BYTES -> "\"consumed\"";
        };
    }
}
