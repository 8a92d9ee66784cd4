package io.millrace.erasure;

import io.millrace.database.Sql;
import io.millrace.database.Transactions;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.eventlog.PartitionBounds;
import io.millrace.eventlog.Partitions;
import io.millrace.security.Access;
import io.millrace.security.Caller;
import io.millrace.security.Permission;
import io.millrace.security.Permission.Operation;
import io.millrace.topic.Topic;
import io.millrace.topic.Topics;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/** Erasing as operators see it, for every protocol: each call checks the caller's permission. Blocks. */
@Component
public class ErasureAdmin {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Topics topics;
    private final Partitions partitions;
    private final Access access;
    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final Sql sql = Sql.of(ErasureAdmin.class);

    ErasureAdmin(
            Topics topics,
            Partitions partitions,
            Access access,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        this.topics = topics;
        this.partitions = partitions;
        this.access = access;
        this.jdbc = jdbc;
        this.transactions = new Transactions(transactions, TIMEOUT, "the erasure");
    }

    /**
     * Asks for every record with this key that the topic has now to be erased, in whichever partition. The cleaner does
     * it. Records of the key that come later stay.
     *
     * @param key its bytes, as they are stored
     * @throws HubException {@link HubError#UNKNOWN_TOPIC}
     */
    public Erasure request(Caller caller, String topicName, byte[] key) {
        access.check(caller, Permission.topic(Operation.DELETE, topicName));
        Topic topic = topics.find(topicName);
        TreeMap<Integer, PartitionBounds> bounds = new TreeMap<>(partitions.stored(topic.partitionIds()));
        if (bounds.size() < topic.partitionCount()) { // deleted meanwhile
            throw Topics.unknown(topicName);
        }
        return transactions.write(() -> jdbc.sql(sql.text("insert-erasure"))
                .param("topic_id", topic.id())
                .param("key", key)
                .param("partition_ids", bounds.keySet().toArray(Integer[]::new))
                .param(
                        "before_offsets",
                        bounds.values().stream().map(PartitionBounds::end).toArray(Long[]::new))
                .query((row, _) -> erasure(row))
                .single());
    }

    /**
     * How far one is that was asked for.
     *
     * @throws HubException {@link HubError#UNKNOWN_TOPIC}, {@link HubError#UNKNOWN_ERASURE} if the topic has none with
     *     this number
     */
    public Erasure find(Caller caller, String topicName, long id) {
        access.check(caller, Permission.topic(Operation.DESCRIBE, topicName));
        Topic topic = topics.find(topicName);
        Optional<Erasure> found = transactions.read(() -> jdbc.sql(sql.text("select-erasure"))
                .param("topic_id", topic.id())
                .param("erasure_id", id)
                .query((row, _) -> erasure(row))
                .optional());
        return found.orElseThrow(
                () -> new HubException(HubError.UNKNOWN_ERASURE, "topic " + topicName + " has no erasure " + id));
    }

    private static Erasure erasure(ResultSet row) throws SQLException {
        Timestamp erased = row.getTimestamp("erased_at");
        return new Erasure(
                row.getLong("erasure_id"),
                row.getTimestamp("requested_at").toInstant(),
                erased == null ? null : erased.toInstant(),
                row.getObject("segments", Integer.class));
    }
}
