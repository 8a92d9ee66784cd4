package io.millrace.cursor;

import io.millrace.database.Transactions;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.List;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;

/** Bases that are in memory, while the database is unavailable. */
public final class KnownBases {

    /** Of the base that is known, in cursors. */
    public static final byte[] ID = new byte[Base.ID_BYTES];

    private KnownBases() {}

    /** One base of the given scope. */
    public static Bases of(long scope, Positions positions) {
        BaseCache cache = new BaseCache(1_000_000);
        String id = "00".repeat(ID.length);
        cache.put(new Base(id, scope, positions, List.of(), 0, Ticker.SYSTEM.nanos()));
        Transactions away = new Transactions(new Away(), Duration.ofSeconds(1), "nothing");
        return new Bases(new BaseStore(null, away, null), cache, Ticker.SYSTEM);
    }

    /** A cursor of any bytes, with the checksum of one that a hub has issued. */
    public static String sealed(byte[] numbers) {
        return new CursorWriter().put(numbers).encode();
    }

    private static final class Away implements PlatformTransactionManager {

        @Override
        public TransactionStatus getTransaction(TransactionDefinition definition) {
            throw new HubException(HubError.STORAGE_UNAVAILABLE, "there is no database");
        }

        @Override
        public void commit(TransactionStatus status) {}

        @Override
        public void rollback(TransactionStatus status) {}
    }
}
