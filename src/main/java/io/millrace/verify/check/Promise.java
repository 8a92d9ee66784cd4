package io.millrace.verify.check;

import java.util.Locale;

/** What the hub promises to its clients, as far as clients can check it. The numbers are those of the report. */
public enum Promise {
    ACKNOWLEDGED_RECORDS_STAY(1, "an acknowledged record is not lost"),
    OFFSETS_HAVE_NO_GAPS(2, "the offsets of a partition are 0, 1, 2 and so on"),
    KEYS_KEEP_THEIR_ORDER(3, "records of one producer and key are in one partition and in order"),
    DELIVERED_RECORDS_STAY(4, "a record that was delivered is in the log, at the same offset"),
    REQUESTS_ARE_WHOLE(5, "a request is stored whole and once, or not at all"),
    RETRIES_STORE_NOTHING_TWICE(6, "a retry of an idempotent producer stores nothing twice"),
    PARTITIONS_HAVE_ONE_OWNER(7, "a partition has at most one owner in a group, and late commits are refused"),
    COMMITTED_OFFSETS_STAY(8, "a committed offset that was acknowledged does not fall, and none is beyond the end"),
    GROUPS_SEE_EVERY_RECORD(9, "a group that commits after processing processes every record"),
    ANSWERS_ARE_TRUE(10, "an answer says truthfully what is stored, and where");

    private final int number;
    private final String text;

    Promise(int number, String text) {
        this.number = number;
        this.text = text;
    }

    public int number() {
        return number;
    }

    /** One sentence for people. */
    public String text() {
        return text;
    }

    /** Its name in JSON. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
