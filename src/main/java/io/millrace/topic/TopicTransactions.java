package io.millrace.topic;

import io.millrace.database.Sql;
import io.millrace.database.Transactions;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/** How this package talks to the database, see {@link Transactions}. */
@Component
class TopicTransactions {

    private final Transactions transactions;
    private final TopicRepository topics;
    private final JdbcClient jdbc;
    private final Sql sql = Sql.of(TopicTransactions.class);

    TopicTransactions(
            PlatformTransactionManager transactions,
            TopicRepository topics,
            JdbcClient jdbc,
            TopicProperties properties) {
        this.transactions = new Transactions(transactions, properties.transactionTimeout(), "the topic");
        this.topics = topics;
        this.jdbc = jdbc;
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
     */
    void raiseVersion() {
        topics.flush();
        jdbc.sql(sql.text("bump-catalogue-version")).update();
    }

    /** The version that all committed changes have brought the catalogue to. */
    long version() {
        return jdbc.sql(sql.text("select-catalogue-version")).query(Long.class).single();
    }
}
