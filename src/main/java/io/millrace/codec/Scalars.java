package io.millrace.codec;

import io.millrace.event.HubException;
import io.millrace.json.JsonScanner;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Reads values of a required type at a scanner's position. A value of another type is scanned before it is refused, so
 * that text which is not JSON is refused as such.
 */
final class Scalars {

    private final JsonScanner in;
    private final Location location;

    Scalars(JsonScanner in, Location location) {
        this.in = in;
        this.location = location;
    }

    /** Checks that an array or object starts here, without consuming the bracket. */
    void expect(char open, String type) {
        if (in.peek() != open) {
            throw wrongType(type);
        }
    }

    HubException wrongType(String type) {
        in.skipValue(JsonScanner.MAX_DEPTH);
        return location.invalid("wrong_type", "must be " + type);
    }

    /** Checks that the field just named may come now, and returns the fields seen, including it. */
    int enter(FieldName name, int seen) {
        if ((seen & name.bit()) != 0) {
            throw location.invalid("duplicate_field", "is given twice");
        }
        if ((seen & name.excludes()) != 0) {
            throw location.invalid("conflicting_fields", "may be given with or without _base64, not both");
        }
        return seen | name.bit();
    }

    /** Reads an integer from 0 to {@code max}, written without fraction and exponent. */
    long integer(long max) {
        int first = in.peek();
        if (first != '-' && (first < '0' || first > '9')) {
            throw wrongType("an integer");
        }
        boolean negative = first == '-';
        int from = negative ? in.position() + 1 : in.position();
        in.skipValue(0);
        long value = 0;
        for (int at = from; at < in.position(); at++) {
            int digit = in.at(at) - '0';
            if (digit < 0 || digit > 9) {
                throw location.invalid("wrong_type", "must be an integer");
            }
            value = value * 10 + digit;
            if (value > max || negative && value > 0) {
                throw location.invalid("out_of_range", "must be from 0 to " + max);
            }
        }
        return value;
    }

    /** Reads a string as UTF-8; {@code code} is the violation for a string that UTF-8 cannot express. */
    byte[] string(String code) {
        expect('"', "a string");
        in.string();
        byte[] text = in.text();
        if (text == null) {
            throw location.invalid(code, "has a lone surrogate, which UTF-8 cannot express");
        }
        return text;
    }

    /** Reads a string of base64: standard alphabet, padded, without stray bits. */
    byte[] base64() {
        byte[] text = string("invalid_base64");
        byte[] decoded = decode(text);
        if (decoded == null) {
            throw location.invalid("invalid_base64", "must be base64 of the standard alphabet, padded");
        }
        return decoded;
    }

    /** The JDK's decoder also takes text without padding, and padded text whose last bits are not zero. */
    private static byte @Nullable [] decode(byte[] text) {
        if (text.length % 4 != 0) {
            return null;
        }
        try {
            byte[] decoded = Base64.getDecoder().decode(text);
            int rest = decoded.length % 3;
            if (rest > 0) {
                byte[] last = Arrays.copyOfRange(decoded, decoded.length - rest, decoded.length);
                byte[] padded = Base64.getEncoder().encode(last);
                return Arrays.equals(padded, 0, 4, text, text.length - 4, text.length) ? decoded : null;
            }
            return decoded;
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }
}
