package io.millrace.eventlog;

import io.millrace.testing.TestPostgres;

class LogIT extends LogContract {

    private static final TestLog LOG = new TestLog(TestPostgres.newDatabase());

    LogIT() {
        super(LOG);
    }
}
