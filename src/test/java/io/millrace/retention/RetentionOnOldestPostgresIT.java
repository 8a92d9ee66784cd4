package io.millrace.retention;

import io.millrace.testing.DebianPostgres;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf("io.millrace.testing.DebianPostgres#installed")
class RetentionOnOldestPostgresIT extends RetentionContract {

    RetentionOnOldestPostgresIT() {
        super(DebianPostgres.newDatabase());
    }
}
