package io.millrace.append;

import io.millrace.event.Appended;
import io.millrace.event.HubException;
import io.millrace.event.NewRecord;
import io.millrace.topic.Topic;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A request in a lane. Its records are stored in one transaction, or none of them is. */
final class AppendRequest {

    /** A record's memory besides its bytes: object headers, array slots, its share of the future. */
    private static final int RECORD_OVERHEAD_BYTES = 128;

    private final Topic topic;
    private final List<NewRecord> records;
    private final int[] partitions;
    private final int copies;
    private final long bytes;
    private final CompletableFuture<Appended> answer = new CompletableFuture<>();

    /**
     * @param partitions each record's partition, in the order of the records
     * @param copies how many servers must have the records before the answer, the primary included
     */
    AppendRequest(Topic topic, List<NewRecord> records, int[] partitions, int copies) {
        this.topic = topic;
        this.records = records;
        this.partitions = partitions;
        this.copies = copies;
        long sum = 0;
        for (NewRecord record : records) {
            sum += record.size() + RECORD_OVERHEAD_BYTES;
        }
        this.bytes = sum;
    }

    Topic topic() {
        return topic;
    }

    List<NewRecord> records() {
        return records;
    }

    int[] partitions() {
        return partitions;
    }

    int copies() {
        return copies;
    }

    /** Bytes of a lane's queue that the request takes. */
    long bytes() {
        return bytes;
    }

    CompletableFuture<Appended> answer() {
        return answer;
    }

    void refuse(HubException reason) {
        answer.completeExceptionally(reason);
    }
}
