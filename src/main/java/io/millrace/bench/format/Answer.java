package io.millrace.bench.format;

/**
 * That the records of a request were stored.
 *
 * @param ref which request it is
 * @param positions of how many records it says where they are
 */
public record Answer(int ref, int positions) {}
