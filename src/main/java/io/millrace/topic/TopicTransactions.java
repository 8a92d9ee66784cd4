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

/** The transactions of this package, and the catalogue's version; see {@link Transactions}. */
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

    /** @param listener called after each committed change of this node; must not block */
    void onCommit(Runnable listener) {
        this.changed = listener;
    }

    <T> T read(Supplier<T> work) {
        return transactions.read(work);
    }

    /** Runs a change, which must raise the catalogue's version itself, see {@link #raiseVersion()}. */
    <T> T write(Supplier<T> work) {
        return transactions.write(work);
    }

    /**
     * Flushes JPA's pending changes, then raises the version, which locks the catalogue's row until the transaction
     * ends. After the commit, other nodes and this node's listener are notified.
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

    /** The version of the catalogue, as raised by all committed changes. */
    long version() {
        return jdbc.sql(sql.text("select-catalogue-version")).query(Long.class).single();
    }
}
