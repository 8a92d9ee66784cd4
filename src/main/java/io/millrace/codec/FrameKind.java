package io.millrace.codec;

/** The first byte of a binary frame. */
final class FrameKind {

    static final byte PRODUCE = 1;
    static final byte PRODUCED = 2;
    static final byte RECORDS = 3;

    private FrameKind() {}
}
