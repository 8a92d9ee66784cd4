package io.millrace.cluster;

import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** A node that does not tell what it changes: the other finds it by looking. */
class LostChangesIT {

    private static Hub silent;
    private static Hub other;

    @BeforeAll
    static void start() {
        TestDatabase database = TestPostgres.newDatabase();
        silent = Hub.start(database);
        silent.stopLoop("change-notifier");
        other = Hub.start(database);
    }

    @AfterAll
    static void stop() {
        other.close();
        silent.close();
    }

    @Nested
    class FromTheSilentOne extends ChangeContract {
        FromTheSilentOne() {
            super(silent, other);
        }
    }
}
