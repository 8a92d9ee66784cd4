package io.millrace.client.message;

/**
 * How far a partition has been read.
 *
 * @param nextOffset the next to read
 */
public record Position(String topic, int partition, long nextOffset) {}
