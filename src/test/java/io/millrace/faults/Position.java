package io.millrace.faults;

/** A position in the log of one topic. */
record Position(int partition, long offset) {}
