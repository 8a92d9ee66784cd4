package io.millrace.bench.format;

import io.millrace.bench.content.RecordShape;
import io.millrace.bench.run.BenchException;
import io.netty.buffer.ByteBuf;

/**
 * How a request that stores records is written: the bytes around its keys and values. They are the same in each request
 * of a run, since all records of a {@link RecordShape} are of one length, but for the {@code ref}.
 *
 * @param opening in front of the first record
 * @param beforeKey where a record begins
 * @param beforeValue between key and value, or behind {@code beforeKey} without keys
 * @param afterValue where a record ends
 * @param separator between two records
 * @param closing behind the last
 * @param refAt where the {@link #REF_DIGITS} digits of the {@code ref} are; {@link #NO_REF} if there is none
 */
public record RequestFormat(
        byte[] opening,
        byte[] beforeKey,
        byte[] beforeValue,
        byte[] afterValue,
        byte[] separator,
        byte[] closing,
        int refAt) {

    static final int NO_REF = -1;

    public static final int REF_DIGITS = 6;

    /** As many as there are numbers of {@link #REF_DIGITS} digits. */
    public static final int REFS = 1_000_000;

    /** Records as JSON objects. */
    public static RequestFormat json(RecordShape shape, String opening, String separator, String closing) {
        return new RequestFormat(
                Asciis.bytes(opening),
                Asciis.bytes(shape.keyed() ? "{\"key\":\"" : ""),
                Asciis.bytes(shape.keyed() ? "\",\"value\":" : "{\"value\":"),
                Asciis.bytes("}"),
                Asciis.bytes(separator),
                Asciis.bytes(closing),
                NO_REF);
    }

    /** The {@code ref} of a request, as the answer to it repeats it. */
    static int ref(ByteBuf answer, int at) {
        int ref = 0;
        for (int i = at; i < at + REF_DIGITS; i++) {
            int digit = answer.getByte(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new BenchException("the hub answered what it was not asked");
            }
            ref = 10 * ref + digit;
        }
        return ref;
    }

    RequestFormat withRefAt(int place) {
        return new RequestFormat(opening, beforeKey, beforeValue, afterValue, separator, closing, place);
    }

    /** How long each request is. */
    public int length(RecordShape shape, int records) {
        int record = beforeKey.length + shape.keyLength() + beforeValue.length + shape.payload() + afterValue.length;
        return opening.length + records * record + (records - 1) * separator.length + closing.length;
    }
}
