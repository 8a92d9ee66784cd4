package io.millrace.access;

import io.millrace.security.Quotas.Kind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All keys that are accepted, all rules and all quotas, as they were at one version or later.
 *
 * @param keys by their ids
 * @param quotas by their principals
 */
record AccessState(long version, Map<String, StoredKey> keys, AccessRules rules, Map<String, Map<Kind, Long>> quotas) {

    AccessState {
        keys = Map.copyOf(keys);
        quotas = Map.copyOf(quotas);
    }

    /** How much a user may do in a second; null: as much as it likes. */
    @Nullable
    Map<Kind, Long> quotaOf(String user) {
        if (quotas.isEmpty()) {
            return null;
        }
        Map<Kind, Long> own = quotas.get(user);
        return own == null ? quotas.get(Principals.ALL_USERS) : own;
    }

    /**
     * What a node needs to know of a key.
     *
     * @param hash SHA-256 of the whole key
     * @param expiresAt in milliseconds since the epoch; {@link Long#MAX_VALUE} for never
     */
    record StoredKey(byte[] hash, String principal, long expiresAt) {}
}
