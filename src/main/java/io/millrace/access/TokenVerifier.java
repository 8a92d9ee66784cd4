package io.millrace.access;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import java.util.Set;

/** Verifies access tokens. */
@FunctionalInterface
interface TokenVerifier {

    /**
     * What a token says.
     *
     * @param principal the user
     * @param groups the principals that it belongs to
     * @param expiresAt in milliseconds since the epoch
     */
    record Verified(String principal, Set<String> groups, long expiresAt) {}

    /**
     * Blocks.
     *
     * @throws HubException {@link HubError#UNAUTHENTICATED}, {@link HubError#IDENTITY_UNAVAILABLE} if the identity
     *     provider could not be asked for its keys
     */
    Verified verify(String token);
}
