package io.millrace.topic;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.sql.Sql;
import io.millrace.sql.StorageFailures;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * How this package talks to the database: in one transaction that ends in time, and with the hub's own errors when the
 * database is away. Whatever else goes wrong is a bug and passes unchanged.
 */
@Component
class TopicTransactions {

    private final TransactionTemplate reading;
    private final TransactionTemplate writing;
    private final TopicRepository topics;
    private final JdbcClient jdbc;
    private final Sql sql = Sql.of(TopicTransactions.class);

    TopicTransactions(
            PlatformTransactionManager transactions,
            TopicRepository topics,
            JdbcClient jdbc,
            TopicProperties properties) {
        int seconds =
                Math.toIntExact(Math.max(1, properties.transactionTimeout().toSeconds()));
        this.reading = new TransactionTemplate(transactions);
        this.reading.setReadOnly(true);
        this.reading.setTimeout(seconds);
        this.writing = new TransactionTemplate(transactions);
        this.writing.setTimeout(seconds);
        this.topics = topics;
        this.jdbc = jdbc;
    }

    <T> T read(Supplier<T> work) {
        return answered(reading, work, new AtomicBoolean());
    }

    /** Runs a change; it raises the catalogue's version itself, see {@link #raiseVersion()}. */
    <T> T write(Supplier<T> work) {
        AtomicBoolean committing = new AtomicBoolean();
        Supplier<T> flushed = () -> {
            T result = work.get();
            committing.set(true);
            return result;
        };
        return answered(writing, flushed, committing);
    }

    /**
     * Sends what JPA still holds back, then raises the version and so locks the catalogue until the transaction ends.
     */
    void raiseVersion() {
        topics.flush();
        jdbc.sql(sql.text("bump-catalogue-version")).update();
    }

    /** The version that all committed changes have brought the catalogue to. */
    long version() {
        return jdbc.sql(sql.text("select-catalogue-version")).query(Long.class).single();
    }

    private static <T> T answered(TransactionTemplate template, Supplier<T> work, AtomicBoolean committing) {
        try {
            return template.<T>execute(_ -> work.get());
        } catch (HubException refusal) {
            throw refusal;
        } catch (RuntimeException failure) {
            if (!StorageFailures.unavailable(failure)) {
                throw failure;
            }
            HubException answer = committing.get()
                    ? new HubException(
                            HubError.OUTCOME_UNKNOWN,
                            "the database did not confirm the change of the topic: look before trying again")
                    : new HubException(HubError.STORAGE_UNAVAILABLE, "the database cannot be used now");
            throw answer.causedBy(failure);
        }
    }
}
