package io.millrace.cursor;

import io.millrace.database.Sql;
import io.millrace.database.Transactions;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of bases. Blocks; throws as {@link Transactions} does. */
final class BaseStore {

    /** @param parent the base that its positions are told from; null if they are whole */
    record Row(String id, @Nullable String parent, byte[] positions) {}

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final CursorProperties properties;
    private final Sql sql = Sql.of(BaseStore.class);

    BaseStore(JdbcClient jdbc, Transactions transactions, CursorProperties properties) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.properties = properties;
    }

    /** Stores a base; one that is there already is used from now on. */
    void insert(Row row) {
        transactions.write(() -> jdbc.sql(sql.text("insert-base"))
                .param("cursor_id", bytes(row.id()))
                .param("parent_id", row.parent() == null ? null : bytes(row.parent()))
                .param("positions", row.positions())
                .update());
    }

    /** A base and those that it needs, the whole one first; empty if the base is gone. */
    List<Row> chain(String id) {
        return transactions.read(() -> jdbc.sql(sql.text("select-chain"))
                .param("cursor_id", bytes(id))
                .query((row, _) -> new Row(
                        hex(row.getBytes("cursor_id")),
                        row.getBytes("parent_id") == null ? null : hex(row.getBytes("parent_id")),
                        row.getBytes("positions")))
                .list());
    }

    /** Notes that bases are used; answers how many of them are there. */
    int touch(List<String> ids) {
        return transactions.write(() -> jdbc.sql(sql.text("touch-bases"))
                .param("cursor_ids", ids.stream().map(BaseStore::bytes).toArray(byte[][]::new))
                .update());
    }

    /** Deletes what has not been used for long, and what is too much. */
    void sweep() {
        transactions.write(() -> jdbc.sql(sql.text("delete-old-bases"))
                .param("retention_s", properties.retention().toSeconds())
                .update());
        transactions.write(() -> jdbc.sql(sql.text("delete-excess-bases"))
                .param("max_bytes", properties.maxStored().toBytes())
                .update());
    }

    private static byte[] bytes(String id) {
        return HexFormat.of().parseHex(id);
    }

    private static String hex(byte[] id) {
        return HexFormat.of().formatHex(id);
    }
}
