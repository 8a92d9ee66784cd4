package io.millrace.retention;

import io.millrace.testing.TestPostgres;

class CompactionIT extends CompactionContract {

    CompactionIT() {
        super(TestPostgres.newDatabase());
    }
}
