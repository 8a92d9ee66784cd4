package io.millrace.access;

import io.millrace.database.Sql;
import io.millrace.database.Transactions;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.security.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tickets, by which browsers open streams: an {@code EventSource} and a {@code WebSocket} cannot send headers, and URLs
 * with credentials end up in logs. A ticket opens one stream, within seconds, on any node. Blocks; safe for any thread.
 */
public final class Tickets {

    static final Duration LIFETIME = Duration.ofSeconds(30);
    private static final String PREFIX = "mt_";

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final AccessCatalogue catalogue;
    private final Clock clock;
    private final Sql sql = Sql.of(Tickets.class);

    Tickets(JdbcClient jdbc, Transactions transactions, AccessCatalogue catalogue, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.catalogue = catalogue;
        this.clock = clock;
    }

    /**
     * A ticket for a caller. Its stream ends when the caller's credential does.
     *
     * @throws HubException {@link HubError#STORAGE_UNAVAILABLE}
     */
    public Ticket issue(Caller caller) {
        String text = PREFIX + KeyFormat.randomText();
        Caller.Credential credential = caller.credential();
        long until = credential.keyId() == null ? credential.until() : Long.MAX_VALUE;
        transactions.write(() -> {
            jdbc.sql(sql.text("delete-old-tickets")).update();
            return jdbc.sql(sql.text("insert-ticket"))
                    .param("ticket_hash", KeyFormat.hash(text))
                    .param("principal", caller.name())
                    .param("groups", caller.groups().toArray(String[]::new))
                    .param("key_id", credential.keyId())
                    .param("caller_until", until == Long.MAX_VALUE ? null : new Timestamp(until), Types.TIMESTAMP)
                    .param("lifetime_ms", LIFETIME.toMillis())
                    .update();
        });
        return new Ticket(text, LIFETIME);
    }

    /**
     * The caller of a ticket, which is used up.
     *
     * @throws HubException {@link HubError#UNAUTHENTICATED} if it was used before, or too long ago;
     *     {@link HubError#STORAGE_UNAVAILABLE}
     */
    Caller use(String ticket) {
        return transactions
                .write(() -> jdbc.sql(sql.text("use-ticket"))
                        .param("ticket_hash", KeyFormat.hash(ticket))
                        .query((row, _) -> caller(row))
                        .optional())
                .filter(Caller::isKnown)
                .orElseThrow(() -> HubAuthentication.refusal("the ticket was used before, or is too old"));
    }

    private Caller caller(ResultSet row) throws SQLException {
        Set<String> groups =
                Arrays.stream((String[]) row.getArray("groups").getArray()).collect(Collectors.toUnmodifiableSet());
        @Nullable String key = row.getString("key_id");
        Timestamp until = row.getTimestamp("caller_until");
        long end = !row.getBoolean("usable") ? 0 : until == null ? Long.MAX_VALUE : until.getTime();
        Caller.Credential credential =
                key == null || end == 0 ? new Expiring(end, clock) : new OfKey(key, catalogue, clock);
        return new Caller(row.getString("principal"), groups, credential);
    }
}
