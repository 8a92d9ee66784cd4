package io.millrace.client.message;

import io.millrace.codec.PageReader;
import io.millrace.codec.ReadPage;
import io.millrace.json.JsonBuffer;
import io.millrace.json.JsonScanner;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The answer to a member's poll.
 *
 * @param membership what the member now owns
 * @param partitions those with records or a reset
 * @param cursor for the next poll; without it, that one continues at the committed offsets
 */
public record MemberRecords(Membership membership, List<ReadPage> partitions, String cursor) {

    private static final byte[] PARTITIONS = JsonBuffer.ascii("partitions");
    private static final byte[] CURSOR = JsonBuffer.ascii("cursor");

    /** Records are sliced from the text; the rest is read like the answer to a heartbeat. */
    public static MemberRecords parse(byte[] json) {
        List<ReadPage> pages = List.of();
        String cursor = "";
        int from = 0;
        int to = 0;
        JsonScanner in = new JsonScanner(json, 0, json.length);
        if (in.peek() == '{' && in.open('}')) {
            do {
                in.name();
                if (in.textIs(PARTITIONS)) {
                    in.peek();
                    from = in.position();
                    pages = PageReader.pages(in);
                    to = in.position();
                } else if (in.textIs(CURSOR) && in.peek() == '"') {
                    in.string();
                    cursor = new String(Objects.requireNonNull(in.text()), StandardCharsets.UTF_8);
                } else {
                    in.skipValue(JsonScanner.MAX_DEPTH);
                }
            } while (in.more('}'));
        }
        in.end();
        JsonBuffer rest = new JsonBuffer(json.length - (to - from) + Integer.BYTES);
        rest.raw(json, 0, from);
        if (to > from) {
            rest.nil();
        }
        rest.raw(json, to, json.length - to);
        return new MemberRecords(Json.MAPPER.readValue(rest.toByteArray(), Membership.class), pages, cursor);
    }
}
