package io.millrace.codec;

import io.millrace.json.JsonBuffer;

/**
 * A member that an object may have.
 *
 * @param bit stands for it among the members seen so far
 * @param excludes the bits that must not have been seen before it: its own, and that of its alternative
 */
record FieldName(String text, byte[] utf8, int bit, int excludes) {

    static FieldName of(String text, int bit) {
        return new FieldName(text, JsonBuffer.ascii(text), bit, bit);
    }

    /** The same, but only one of the two may be given. */
    FieldName or(int other) {
        return new FieldName(text, utf8, bit, bit | other);
    }
}
