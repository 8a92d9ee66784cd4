package io.millrace.eventlog;

/** How batches are stored. */
public enum SegmentCompression {

    /** Compressed by lz4 if PostgreSQL has it: less to write, to replicate, to back up and to read. */
    LZ4,

    /** Uncompressed. PostgreSQL's other method, pglz, takes longer than the whole append. */
    NONE
}
