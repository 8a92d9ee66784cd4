package io.millrace.cursor;

import io.millrace.database.Sql;
import io.millrace.database.Transactions;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of bases. Blocks; throws as {@link Transactions} does. */
final class BaseStore {

    /** @param parent the base that its positions are differences from; null if they are in full */
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

    /** Stores a base. If it is stored already, this counts as a use. */
    void insert(Row row) {
        transactions.write(() -> jdbc.sql(sql.text("insert-base"))
                .param("cursor_id", bytes(row.id()))
                .param("parent_id", row.parent() == null ? null : bytes(row.parent()))
                .param("positions", row.positions())
                .update());
    }

    /** A base and the bases that it builds on, the one in full first; empty if the base is gone. */
    List<Row> chain(String id) {
        return transactions.read(() -> jdbc.sql(sql.text("select-chain"))
                .param("cursor_id", bytes(id))
                .query((row, _) -> new Row(
                        hex(row.getBytes("cursor_id")),
                        row.getBytes("parent_id") == null ? null : hex(row.getBytes("parent_id")),
                        row.getBytes("positions")))
                .list());
    }

    /** Records that bases are used; returns how many of them exist. */
    int touch(List<String> ids) {
        return transactions.write(() -> jdbc.sql(sql.text("touch-bases"))
                .param("cursor_ids", ids.stream().map(BaseStore::bytes).toArray(byte[][]::new))
                .update());
    }

    /** Deletes bases that have not been used for the retention, and the least recently used beyond the maximum size. */
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
