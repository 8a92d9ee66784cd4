package io.millrace.bench.hub;

import tools.jackson.databind.JsonNode;

/**
 * A topic as it stood when it was asked for.
 *
 * @param starts the first offset of each partition that can be read
 * @param ends the offset behind the last of each
 */
public record Topic(String name, long[] starts, long[] ends) {

    static Topic of(JsonNode described) {
        JsonNode partitions = described.path("partitions");
        long[] starts = new long[partitions.size()];
        long[] ends = new long[partitions.size()];
        for (JsonNode partition : partitions) {
            int number = partition.path("partition").intValue();
            starts[number] = partition.path("start_offset").longValue();
            ends[number] = partition.path("next_offset").longValue();
        }
        return new Topic(described.path("name").asString(), starts, ends);
    }

    public int partitions() {
        return ends.length;
    }
}
