package io.millrace.compaction;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The first 128 bits of a key's SHA-256. Used by one thread. */
final class KeyHash {

    private final MessageDigest sha256;
    private long high;
    private long low;

    KeyHash() {
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    void of(byte[] key) {
        ByteBuffer digest = ByteBuffer.wrap(sha256.digest(key));
        high = digest.getLong();
        low = digest.getLong();
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }
}
