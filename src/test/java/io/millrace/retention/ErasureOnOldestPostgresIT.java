package io.millrace.retention;

import io.millrace.testing.DebianPostgres;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf("io.millrace.testing.DebianPostgres#installed")
class ErasureOnOldestPostgresIT extends ErasureContract {

    ErasureOnOldestPostgresIT() {
        super(DebianPostgres.newDatabase());
    }
}
