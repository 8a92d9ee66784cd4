package io.millrace.eventlog;

import io.millrace.testing.DebianPostgres;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf("io.millrace.testing.DebianPostgres#installed")
class LogOnOldestPostgresIT extends LogContract {

    private static final class Holder {
        static final TestLog LOG = new TestLog(DebianPostgres.newDatabase());
    }

    LogOnOldestPostgresIT() {
        super(Holder.LOG);
    }
}
