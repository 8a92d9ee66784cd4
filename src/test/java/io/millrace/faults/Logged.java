package io.millrace.faults;

/** A record that was read from the log. */
record Logged(Position at, Mark mark) {}
