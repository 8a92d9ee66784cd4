package io.millrace.database;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Takes a pooled connection out of use when its server has become a standby: HikariCP recognizes broken connections by
 * their SQLSTATE, and a demoted primary's connections are not broken (HikariCP #1802). Named in
 * {@code application.yaml}.
 */
public final class DemotedPrimaryEviction implements SQLExceptionOverride {

    @java.lang.Override
    public Override adjudicate(SQLException failure) {
        return StorageFailures.READ_ONLY_TRANSACTION.equals(failure.getSQLState())
                ? Override.MUST_EVICT
                : Override.CONTINUE_EVICT;
    }
}
