package io.millrace.stream.websocket.frame;

import io.millrace.fetch.Delivery;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The form of records, and of answers to binary produce frames. All other frames of the hub are JSON text. */
public enum Subprotocol {
    /** Every frame is JSON text. */
    JSON("hub.v1.json"),
    /** Records come in binary frames, and a client may produce in binary frames too. */
    BINARY("hub.v1.bin");

    private final String token;

    Subprotocol(String token) {
        this.token = token;
    }

    /** The value in {@code Sec-WebSocket-Protocol}. */
    public String token() {
        return token;
    }

    /** The first supported one of those that a client offers; null if there is none. */
    public static @Nullable Subprotocol firstOf(Collection<String> offered) {
        for (String token : offered) {
            for (Subprotocol known : values()) {
                if (known.token.equals(token)) {
                    return known;
                }
            }
        }
        return null;
    }

    /** @param epoch at which the partition was assigned to the group member; 0 without a group */
    public RecordsFrame records(String id, long epoch, Delivery.Records delivery) {
        return switch (this) {
            case JSON -> JsonRecordsFrame.of(id, epoch, delivery);
            case BINARY -> BinaryRecordsFrame.of(id, epoch, delivery);
        };
    }
}
