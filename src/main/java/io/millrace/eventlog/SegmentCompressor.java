package io.millrace.eventlog;

import io.millrace.database.Sql;
import io.millrace.database.StorageFailures;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets whether the newest segment is compressed, as configured. Batches that are stored already stay as they are, and
 * both kinds can be read. Used by the one thread of the {@link SegmentRoller}.
 */
final class SegmentCompressor {

    private static final Logger log = LoggerFactory.getLogger(SegmentCompressor.class);

    private final SegmentCompression wanted;
    private final Sql sql = Sql.of(SegmentCompressor.class);
    private int settled;

    SegmentCompressor(SegmentCompression wanted) {
        this.wanted = wanted;
    }

    /** Whether nothing is left to do for the newest segment. */
    boolean hasSettled(int newest) {
        return newest == settled;
    }

    /**
     * Sets the compression of the newest segment once. If a long read holds the lock of the segment's table, the next
     * call tries again.
     *
     * @param newest the number of the newest segment
     */
    void settle(Connection connection, int newest) throws SQLException {
        if (hasSettled(newest)) {
            return;
        }
        boolean lz4 = wanted == SegmentCompression.LZ4 && serverHasLz4(connection);
        try (PreparedStatement compress = connection.prepareStatement(sql.text("compress-segment"))) {
            compress.setInt(1, newest);
            compress.setBoolean(2, lz4);
            try (ResultSet row = compress.executeQuery()) {
                row.next();
                if (row.getBoolean(1)) {
                    log.info("segment {} of the log is stored {}", newest, lz4 ? "compressed by lz4" : "uncompressed");
                }
            }
            settled = newest;
        } catch (SQLException failure) {
            if (!StorageFailures.isLockTimeout(failure)) {
                throw failure;
            }
            log.debug("segment {} of the log is locked, its compression is set later", newest, failure);
        }
    }

    private boolean serverHasLz4(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql.text("server-has-lz4"));
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1) > 0;
        }
    }
}
