package io.millrace.codec;

import io.millrace.event.Acks;
import io.millrace.event.NewRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket client's {@code produce} frame.
 *
 * @param ref repeated in the answer; null if the client gave none
 * @param topic as sent, not yet checked to be a valid name
 * @param acks {@link Acks#LEADER} if the client gave none
 * @param records at least one, in the frame's order
 */
public record ProduceFrame(@Nullable String ref, String topic, Acks acks, List<NewRecord> records) {}
