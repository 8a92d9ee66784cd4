package io.millrace.bench.format;

/**
 * The confirmation that the records of a request were stored.
 *
 * @param ref identifies the request
 * @param positions the number of positions in it
 */
public record Answer(int ref, int positions) {}
