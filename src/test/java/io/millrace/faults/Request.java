package io.millrace.faults;

import java.util.List;

/** A request that was sent, and its outcome. */
record Request(String id, List<Mark> records, Outcome outcome) {}
