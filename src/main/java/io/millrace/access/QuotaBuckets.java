package io.millrace.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.security.Caller;
import io.millrace.security.Quotas;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Enforces the quotas of the rows on this node, by token buckets. Each node counts by itself, as each of Kafka's
 * brokers does: to count together would cost a question to the database for each request.
 */
final class QuotaBuckets implements Quotas {

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** What a user that comes back after this time had taken in excess is forgotten. */
    private static final Duration KEPT = Duration.ofMinutes(10);

    private static final int MOST_USERS = 100_000;

    /** @param perSecond the quota for which they were made */
    private record Buckets(Map<Kind, Long> perSecond, Map<Kind, Limit> byKind) {}

    private record Limit(long perSecond, Bucket bucket) {}

    private final AccessCatalogue catalogue;
    private final Ticker ticker;
    private final List<Counter> refusals;
    private final Cache<String, Buckets> users;

    QuotaBuckets(AccessCatalogue catalogue, Ticker ticker, MeterRegistry registry) {
        this.catalogue = catalogue;
        this.ticker = ticker;
        this.users = Caffeine.newBuilder()
                .maximumSize(MOST_USERS)
                .expireAfterAccess(KEPT)
                .ticker(ticker::nanos)
                .build();
        this.refusals = Arrays.stream(Kind.values())
                .map(kind -> Counter.builder("millrace.quota.refusals")
                        .description("Requests and frames whose caller had used up a quota")
                        .tag("quota", kind.code())
                        .register(registry))
                .toList();
    }

    @Override
    public boolean limit(Caller caller, Kind kind) {
        Map<Kind, Long> perSecond = perSecond(caller);
        return perSecond != null && perSecond.containsKey(kind);
    }

    @Override
    public void take(Caller caller, Kind kind, long amount) {
        Bucket bucket = bucket(caller, kind);
        if (bucket == null) {
            return;
        }
        if (!bucket.tryConsume(1)) {
            refusals.get(kind.ordinal()).increment();
            throw new HubException(
                            HubError.QUOTA_EXCEEDED,
                            caller.name() + " has used up its quota of "
                                    + kind.code().replace('_', ' '))
                    .retriedAfter(1 + nanosToWait(bucket) / 1_000_000);
        }
        if (amount > 1) {
            bucket.consumeIgnoringRateLimits(amount - 1);
        }
    }

    @Override
    public void charge(Caller caller, Kind kind, long amount) {
        Bucket bucket = bucket(caller, kind);
        if (bucket != null && amount > 0) {
            bucket.consumeIgnoringRateLimits(amount);
        }
    }

    @Override
    public long nanosToWait(Caller caller, Kind kind) {
        Bucket bucket = bucket(caller, kind);
        return bucket == null ? 0 : nanosToWait(bucket);
    }

    private static long nanosToWait(Bucket bucket) {
        return bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill();
    }

    @Override
    public List<Level> levels(Caller caller) {
        Buckets own = buckets(caller);
        if (own == null) {
            return List.of();
        }
        List<Level> levels = new ArrayList<>();
        own.byKind()
                .forEach((kind, quota) -> levels.add(new Level(
                        kind,
                        quota.perSecond(),
                        Math.max(0, quota.bucket().getAvailableTokens()),
                        quota.bucket()
                                .estimateAbilityToConsume(quota.perSecond())
                                .getNanosToWaitForRefill())));
        return levels;
    }

    private @Nullable Bucket bucket(Caller caller, Kind kind) {
        Buckets own = buckets(caller);
        Limit limit = own == null ? null : own.byKind().get(kind);
        return limit == null ? null : limit.bucket();
    }

    private @Nullable Buckets buckets(Caller caller) {
        Map<Kind, Long> perSecond = perSecond(caller);
        if (perSecond == null) {
            return null;
        }
        Buckets own = users.getIfPresent(caller.name());
        return own != null && own.perSecond().equals(perSecond)
                ? own
                : users.asMap()
                        .compute(
                                caller.name(),
                                (_, made) -> made != null && made.perSecond().equals(perSecond)
                                        ? made
                                        : new Buckets(perSecond, full(perSecond)));
    }

    private @Nullable Map<Kind, Long> perSecond(Caller caller) {
        AccessState state = catalogue.known();
        return state == null ? null : state.quotaOf(caller.name());
    }

    private Map<Kind, Limit> full(Map<Kind, Long> perSecond) {
        Map<Kind, Limit> buckets = new EnumMap<>(Kind.class);
        perSecond.forEach((kind, amount) -> buckets.put(
                kind,
                new Limit(
                        amount,
                        Bucket.builder()
                                .addLimit(limit -> limit.capacity(amount).refillGreedy(amount, SECOND))
                                .withCustomTimePrecision(new Time(ticker))
                                .build())));
        return buckets;
    }

    private record Time(Ticker ticker) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            return ticker.nanos();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
