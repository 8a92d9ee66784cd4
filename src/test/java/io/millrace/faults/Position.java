package io.millrace.faults;

/** A place in the log of one topic. */
record Position(int partition, long offset) {}
