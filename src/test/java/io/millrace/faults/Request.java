package io.millrace.faults;

import java.util.List;

/** A request that was sent and what became of it. */
record Request(String id, List<Mark> records, Outcome outcome) {}
