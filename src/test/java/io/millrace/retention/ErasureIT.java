package io.millrace.retention;

import io.millrace.testing.TestPostgres;

class ErasureIT extends ErasureContract {

    ErasureIT() {
        super(TestPostgres.newDatabase());
    }
}
