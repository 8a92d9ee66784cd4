package io.millrace.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * API keys as text: {@code mr_<id>_<secret>}. The id is 12 of a-z and 0-9 and no secret; the secret is 32 random bytes
 * in base64url without padding. Scanners for leaked secrets find a key by its beginning.
 */
final class KeyFormat {

    /** A key that was just made: the only moment in which it is known. */
    record Made(String id, String key) {

        @Override
        public String toString() {
            return "Made[" + id + "]";
        }
    }

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String ID_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int ID_LENGTH = 12;
    private static final int SECRET_BYTES = 32;
    private static final Pattern ID = Pattern.compile("[a-z0-9]{12}");
    private static final String PREFIX = "mr_";
    private static final Pattern KEY = Pattern.compile(PREFIX + "([a-z0-9]{12})_[A-Za-z0-9_-]{43}");

    private KeyFormat() {}

    static Made make() {
        StringBuilder id = new StringBuilder(ID_LENGTH);
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(ID_LETTERS.charAt(RANDOM.nextInt(ID_LETTERS.length())));
        }
        return new Made(id.toString(), PREFIX + id + "_" + randomText());
    }

    /** 32 random bytes in base64url. */
    static String randomText() {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /** Whether a token is meant to be an API key, and not another's. */
    static boolean isKey(String token) {
        return token.startsWith(PREFIX);
    }

    /** The id of the key; null if the text is not a key. */
    static @Nullable String idOf(String token) {
        Matcher key = KEY.matcher(token);
        return key.matches() ? key.group(1) : null;
    }

    /** SHA-256, as a secret that is stored. */
    static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
