package io.millrace.client.message;

/**
 * A reader's position in a partition.
 *
 * @param nextOffset the offset of the next record to read
 */
public record Position(String topic, int partition, long nextOffset) {}
