package io.millrace.topic;

import io.millrace.cluster.ChangePublisher;
import io.millrace.database.Sql;
import io.millrace.database.Transactions;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** How this package talks to the database, see {@link Transactions}. */
@Component
class TopicTransactions {

    private final Transactions transactions;
    private final TopicRepository topics;
    private final JdbcClient jdbc;
    private final ChangePublisher publisher;
    private final Sql sql = Sql.of(TopicTransactions.class);

    private volatile Runnable changed = () -> {};

    TopicTransactions(
            PlatformTransactionManager transactions,
            TopicRepository topics,
            JdbcClient jdbc,
            ChangePublisher publisher,
            TopicProperties properties) {
        this.transactions = new Transactions(transactions, properties.transactionTimeout(), "the topic");
        this.topics = topics;
        this.jdbc = jdbc;
        this.publisher = publisher;
    }

    /** @param listener called after each committed change; must not block */
    void tell(Runnable listener) {
        this.changed = listener;
    }

    <T> T read(Supplier<T> work) {
        return transactions.read(work);
    }

    /** Runs a change; it raises the catalogue's version itself, see {@link #raiseVersion()}. */
    <T> T write(Supplier<T> work) {
        return transactions.write(work);
    }

    /**
     * Sends what JPA still holds back, then raises the version and so locks the catalogue until the transaction ends.
     * Once that is committed, this node's catalogue and the other nodes are told.
     */
    void raiseVersion() {
        topics.flush();
        long version =
                jdbc.sql(sql.text("bump-catalogue-version")).query(Long.class).single();
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                publisher.publish(CatalogueChanges.KIND, CatalogueChanges.ONLY_ID, version);
                changed.run();
            }
        });
    }

    /** The version that all committed changes have brought the catalogue to. */
    long version() {
        return jdbc.sql(sql.text("select-catalogue-version")).query(Long.class).single();
    }
}
