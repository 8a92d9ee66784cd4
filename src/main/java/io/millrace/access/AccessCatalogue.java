package io.millrace.access;

import io.millrace.access.AccessState.StoredKey;
import io.millrace.database.Sql;
import io.millrace.database.Transactions;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.security.Quotas.Kind;
import io.millrace.time.Ticker;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * This node's copy of all keys, rules and quotas, so that recognising a caller and deciding what it may do asks nobody.
 * A change on any node is seen after its notification, or at the next look. While the database is away the copy stays:
 * nothing can be read or stored then. Safe for any thread.
 */
final class AccessCatalogue {

    private static final Logger log = LoggerFactory.getLogger(AccessCatalogue.class);

    /** Callers with unknown keys have the version asked for at most this often, however many they are. */
    static final Duration LEAST_PAUSE = Duration.ofMillis(50);

    private final JdbcClient jdbc;
    private final AclStore acls;
    private final QuotaStore quotas;
    private final Transactions transactions;
    private final Ticker ticker;
    private final Sql sql = Sql.of(AccessCatalogue.class);

    /** Held while the database is asked. */
    private final ReentrantLock asking = new ReentrantLock();

    private volatile @Nullable AccessState state;
    private long lastAsked;
    private boolean asked;

    AccessCatalogue(JdbcClient jdbc, AclStore acls, QuotaStore quotas, Transactions transactions, Ticker ticker) {
        this.jdbc = jdbc;
        this.acls = acls;
        this.quotas = quotas;
        this.transactions = transactions;
        this.ticker = ticker;
    }

    /** Null until it was read for the first time. Never blocks. */
    @Nullable
    AccessState known() {
        return state;
    }

    /**
     * The copy; never blocks.
     *
     * @throws HubException {@link HubError#STORAGE_UNAVAILABLE} until it was read for the first time
     */
    AccessState require() {
        AccessState read = state;
        if (read == null) {
            throw new HubException(
                    HubError.STORAGE_UNAVAILABLE, "this node has not read yet who may do what; try again");
        }
        return read;
    }

    /** The version of the copy; -1 until there is one. */
    long version() {
        AccessState read = state;
        return read == null ? -1 : read.version();
    }

    /**
     * The copy as it was when this was called, or newer. Calls share their questions to the database. Blocks.
     *
     * @throws HubException {@link HubError#STORAGE_UNAVAILABLE}
     */
    AccessState newest() {
        long called = ticker.nanos();
        asking.lock();
        try {
            if (!asked || lastAsked - called < 0) {
                rest();
                refresh();
            }
        } finally {
            asking.unlock();
        }
        return require();
    }

    private void rest() {
        long pause = asked ? LEAST_PAUSE.toNanos() - (ticker.nanos() - lastAsked) : 0;
        if (pause > 0) {
            try {
                ticker.sleep(Duration.ofNanos(pause));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Reads what this node has changed itself, if it can; else the next look finds it. Blocks. */
    void refreshQuietly() {
        try {
            refresh();
        } catch (RuntimeException away) {
            log.debug("keys and rules are read later", away);
        }
    }

    /** Reads what has changed. Blocks. */
    void refresh() {
        asking.lock();
        try {
            long began = ticker.nanos();
            transactions.read(() -> {
                // First: what is read after it may be newer, and is then read again.
                long version =
                        jdbc.sql(sql.text("select-version")).query(Long.class).single();
                if (version != version()) {
                    state = new AccessState(version, keys(), rules(), quotas());
                }
                return version;
            });
            lastAsked = began;
            asked = true;
        } finally {
            asking.unlock();
        }
    }

    private Map<String, StoredKey> keys() {
        Map<String, StoredKey> keys = new HashMap<>();
        jdbc.sql(sql.text("select-usable-keys")).query(row -> {
            Timestamp expires = row.getTimestamp("expires_at");
            keys.put(
                    row.getString("key_id"),
                    new StoredKey(
                            row.getBytes("secret_hash"),
                            row.getString("principal"),
                            expires == null ? Long.MAX_VALUE : expires.getTime()));
        });
        return keys;
    }

    private Map<String, Map<Kind, Long>> quotas() {
        Map<String, Map<Kind, Long>> byPrincipal = new HashMap<>();
        quotas.list("", Integer.MAX_VALUE).forEach(quota -> byPrincipal.put(quota.principal(), quota.perSecond()));
        return byPrincipal;
    }

    private AccessRules rules() {
        return AccessRules.of(acls.list(AclStore.Filter.ALL, 0, Integer.MAX_VALUE).stream()
                .map(Acl::rule)
                .toList());
    }
}
