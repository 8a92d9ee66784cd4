package io.millrace.access;

import java.util.Map;

/**
 * All keys that are accepted, and all rules, as they were at one version or later.
 *
 * @param keys by their ids
 */
record AccessState(long version, Map<String, StoredKey> keys, AccessRules rules) {

    AccessState {
        keys = Map.copyOf(keys);
    }

    /**
     * What a node needs to know of a key.
     *
     * @param hash SHA-256 of the whole key
     * @param expiresAt in milliseconds since the epoch; {@link Long#MAX_VALUE} for never
     */
    record StoredKey(byte[] hash, String principal, long expiresAt) {}
}
