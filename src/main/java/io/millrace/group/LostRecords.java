package io.millrace.group;

import io.millrace.database.Sql;
import io.millrace.eventlog.LeaderListener;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Moves committed offsets back that lie beyond the ends of partitions whose newest records were lost with their leader,
 * before anything is appended there. Members that read further get a reset. Changes of groups may be lost, too: the
 * epochs of all groups are raised by more than a leader can have begun in the moment that was lost, so that no epoch
 * has two owners of a partition.
 */
@Component
final class LostRecords implements LeaderListener {

    private static final Logger log = LoggerFactory.getLogger(LostRecords.class);

    private final Sql sql = Sql.of(LostRecords.class);

    @Override
    public void leaderChanged(Connection connection, int leaderEpoch) throws SQLException {
        try (PreparedStatement raise = connection.prepareStatement(sql.text("raise-group-epochs"))) {
            raise.executeUpdate();
        }
        try (PreparedStatement clamp = connection.prepareStatement(sql.text("clamp-offsets"))) {
            clamp.setInt(1, leaderEpoch);
            int moved = clamp.executeUpdate();
            if (moved > 0) {
                log.warn("Committed offsets of {} partitions were ahead of the log and have been moved back", moved);
            }
        }
    }
}
