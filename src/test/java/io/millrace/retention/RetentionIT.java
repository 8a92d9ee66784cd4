package io.millrace.retention;

import io.millrace.testing.TestPostgres;

class RetentionIT extends RetentionContract {

    RetentionIT() {
        super(TestPostgres.newDatabase());
    }
}
