package io.millrace.fetch;

/** A partition as a subscription names it. */
public record SubscribedPartition(String topic, int partition) {}
