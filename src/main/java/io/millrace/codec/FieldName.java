package io.millrace.codec;

import io.millrace.json.JsonBuffer;

/**
 * A field that an object may have.
 *
 * @param bit of the field in the set of those seen so far
 * @param excludes the bits of fields that must not come before it: its own, and that of its alternative
 */
record FieldName(String text, byte[] utf8, int bit, int excludes) {

    static FieldName of(String text, int bit) {
        return new FieldName(text, JsonBuffer.ascii(text), bit, bit);
    }

    /** The same field, but the object may have only one of the two. */
    FieldName or(int other) {
        return new FieldName(text, utf8, bit, bit | other);
    }
}
