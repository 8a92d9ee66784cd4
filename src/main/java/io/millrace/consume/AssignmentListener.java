package io.millrace.consume;

import io.millrace.event.TopicPartition;
import java.util.List;
import java.util.Map;

/** Tells a client which partitions it gains and loses, in the order in which that happens. */
public interface AssignmentListener {

    void revoked(List<TopicPartition> partitions, RevokedReason reason) throws InterruptedException;

    /** @param nextOffsets where each partition that was added begins; empty to say that the member owns nothing */
    void assigned(String memberId, long epoch, Map<TopicPartition, Long> nextOffsets) throws InterruptedException;
}
