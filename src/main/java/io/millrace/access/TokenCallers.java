package io.millrace.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.millrace.access.TokenVerifier.Verified;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.security.Caller;
import io.millrace.time.Ticker;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which tokens were verified, since verifying a signature costs more than a whole produce request. Tokens are
 * remembered by their SHA-256, until they expire; refusals for seconds. Safe for any thread.
 */
final class TokenCallers {

    private static final Duration REFUSAL_REMEMBERED = Duration.ofSeconds(5);

    /** No token of a provider is longer; a header could not be much longer either. */
    private static final int LONGEST_TOKEN = 16 * 1024;

    /** Of verifications at a time: they take processor time, or wait for the identity provider. */
    private static final int MOST_AT_ONCE = 64;

    /** What is known of a token: its caller, or why it is refused. */
    private record Known(@Nullable Caller caller, @Nullable HubException refusal, long nanos) {}

    private final TokenVerifier verifier;
    private final Clock clock;
    private final Cache<ByteBuffer, Known> cache;
    private final Semaphore verifying = new Semaphore(MOST_AT_ONCE);

    TokenCallers(TokenVerifier verifier, int maxCached, Clock clock, Ticker ticker) {
        this.verifier = verifier;
        this.clock = clock;
        this.cache = Caffeine.newBuilder()
                .maximumSize(maxCached)
                .ticker(ticker::nanos)
                .expireAfter(Expiry.<ByteBuffer, Known>creating((_, known) -> Duration.ofNanos(known.nanos())))
                .build();
    }

    /** As {@link HubAuthentication#known}. */
    @Nullable
    Caller known(String token) {
        if (token.length() > LONGEST_TOKEN) {
            throw HubAuthentication.refusal("the token is too long");
        }
        Known known = cache.getIfPresent(hash(token));
        return known == null ? null : caller(known);
    }

    /** As {@link HubAuthentication#require}. */
    Caller require(String token) {
        ByteBuffer hash = hash(token);
        Known known = cache.getIfPresent(hash);
        if (known == null) {
            known = verify(token);
            cache.put(hash, known);
        }
        return caller(known);
    }

    private Known verify(String token) {
        if (!verifying.tryAcquire()) {
            throw new HubException(HubError.OVERLOADED, "too many tokens are being verified");
        }
        try {
            Verified verified = verifier.verify(token);
            long left = verified.expiresAt() - clock.millis();
            if (left <= 0) {
                throw HubAuthentication.refusal("the token has expired");
            }
            Caller caller =
                    new Caller(verified.principal(), verified.groups(), new Expiring(verified.expiresAt(), clock));
            return new Known(caller, null, Duration.ofMillis(left).toNanos());
        } catch (HubException refusal) {
            if (refusal.error() != HubError.UNAUTHENTICATED) {
                throw refusal;
            }
            return new Known(null, refusal, REFUSAL_REMEMBERED.toNanos());
        } finally {
            verifying.release();
        }
    }

    private static Caller caller(Known known) {
        Caller caller = known.caller();
        HubException refusal = known.refusal();
        if (caller == null || !caller.isKnown()) {
            throw refusal == null ? HubAuthentication.refusal("the token has expired") : refusal;
        }
        return caller;
    }

    private static ByteBuffer hash(String token) {
        return ByteBuffer.wrap(KeyFormat.hash(token));
    }
}
