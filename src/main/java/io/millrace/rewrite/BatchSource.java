package io.millrace.rewrite;

import org.jspecify.annotations.Nullable;

/** The batches of one partition, in the order of offsets. They do not change while they are read. */
public interface BatchSource {

    /** What is done with each record's key. */
    @FunctionalInterface
    interface KeyVisitor {

        /**
         * @param ordinal the record's number in the scan: 0, 1, 2, …
         * @param key null: the record has none
         */
        void visit(long ordinal, byte @Nullable [] key);
    }

    /** What is done with each batch. */
    @FunctionalInterface
    interface BatchVisitor {
        void visit(StoredBatch batch) throws InterruptedException;
    }

    /** How many records there are. */
    long records();

    /** Calls the visitor for each record from the first to the last, the same ones each time. */
    void scan(KeyVisitor visitor) throws InterruptedException;

    /** Calls the visitor for each batch that {@link #scan} has scanned, in the same order. */
    void read(BatchVisitor visitor) throws InterruptedException;
}
