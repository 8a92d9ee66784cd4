package io.millrace.access;

import io.millrace.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of API keys. Callers must have a transaction, or one statement is enough. */
public final class KeyStore {

    private final JdbcClient jdbc;
    private final Sql sql = Sql.of(KeyStore.class);

    public KeyStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Creates a key.
     *
     * @param lifetime null for one that does not expire
     * @param by the principal that creates it
     */
    public NewKey create(String principal, @Nullable String description, @Nullable Duration lifetime, String by) {
        KeyFormat.Made made = KeyFormat.make();
        ApiKey about = jdbc.sql(sql.text("insert-key"))
                .param("key_id", made.id())
                .param("secret_hash", KeyFormat.hash(made.key()))
                .param("principal", principal)
                .param("description", description)
                .param("created_by", by)
                .param("lifetime_ms", lifetime == null ? null : lifetime.toMillis(), java.sql.Types.BIGINT)
                .query((row, _) -> key(row))
                .single();
        return new NewKey(about, made.key());
    }

    /** Keys in the order of their ids, also those that are no longer accepted. */
    public List<ApiKey> list(@Nullable String principal, String after, int most) {
        return jdbc.sql(sql.text("select-keys"))
                .param("principal", principal)
                .param("after", after)
                .param("most", most)
                .query((row, _) -> key(row))
                .list();
    }

    public Optional<ApiKey> find(String id) {
        return jdbc.sql(sql.text("select-key"))
                .param("key_id", id)
                .query((row, _) -> key(row))
                .optional();
    }

    /** Revokes a key, if it was not revoked before; false if there is none. */
    public boolean revoke(String id) {
        return jdbc.sql(sql.text("revoke-key")).param("key_id", id).update() > 0;
    }

    /**
     * Has a key expire after some time, unless it does so earlier.
     *
     * @return false if there is no such key, or it is no longer accepted
     */
    boolean expireIn(String id, Duration time) {
        return !jdbc.sql(sql.text("end-key"))
                .param("key_id", id)
                .param("overlap_ms", time.toMillis())
                .query((row, _) -> row.getString("principal"))
                .list()
                .isEmpty();
    }

    /**
     * Creates another key for the principal of one, which remains accepted for some time, so that clients can change
     * from one to the other.
     *
     * @param overlap how long the old one remains accepted, unless it expires earlier
     * @param lifetime of the new one; null if it does not expire
     * @return empty if there is no such key, or it is no longer accepted
     */
    public Optional<NewKey> rotate(String id, Duration overlap, @Nullable Duration lifetime, String by) {
        if (!expireIn(id, overlap)) {
            return Optional.empty();
        }
        return find(id).map(old -> create(old.principal(), old.description(), lifetime, by));
    }

    private static ApiKey key(ResultSet row) throws SQLException {
        return new ApiKey(
                row.getString("key_id"),
                row.getString("principal"),
                row.getString("description"),
                row.getString("created_by"),
                row.getTimestamp("created_at").toInstant(),
                instant(row.getTimestamp("expires_at")),
                instant(row.getTimestamp("revoked_at")));
    }

    static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }
}
