package io.millrace.faults;

/** A record as it was read. */
record Logged(Position at, Mark mark) {}
