package io.millrace.stream.websocket.frame;

import io.millrace.fetch.Delivery;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** In which form a WebSocket client gets records. Everything else is JSON text in both. */
public enum Subprotocol {
    /** Every frame is JSON text. */
    JSON("hub.v1.json"),
    /** Records come in binary frames, and a client may produce with such. */
    BINARY("hub.v1.bin");

    private final String token;

    Subprotocol(String token) {
        this.token = token;
    }

    /** As it stands in {@code Sec-WebSocket-Protocol}. */
    public String token() {
        return token;
    }

    /** The first of a client's that is known here; null if none is. */
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

    /** @param epoch at which the partition became the group's member's; 0 without a group */
    public RecordsFrame records(String id, long epoch, Delivery.Records delivery) {
        return switch (this) {
            case JSON -> JsonRecordsFrame.of(id, epoch, delivery);
            case BINARY -> BinaryRecordsFrame.of(id, epoch, delivery);
        };
    }
}
