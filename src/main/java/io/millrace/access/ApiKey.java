package io.millrace.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An API key, without its secret, which nobody knows but who was given it.
 *
 * @param id the part of the key that is no secret
 * @param principal who presents it
 * @param description what it is for
 * @param createdBy the principal that created it
 * @param expiresAt when it ceases to be accepted; null for never
 * @param revokedAt null if it was not revoked
 */
public record ApiKey(
        String id,
        String principal,
        @Nullable String description,
        String createdBy,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt) {}
