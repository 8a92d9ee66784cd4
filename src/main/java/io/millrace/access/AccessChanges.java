package io.millrace.access;

import io.millrace.cluster.ChangeSubscriber;
import io.millrace.database.Sql;
import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Notices that keys or rules have changed, whoever has changed them, and has the {@link AccessCatalogue} read anew. */
final class AccessChanges implements ChangeSubscriber {

    /** As the function {@code millrace.access_changed} names it. */
    static final String KIND = "access";

    private final AccessCatalogue catalogue;
    private final Runnable refresh;
    private final Duration interval;
    private final Sql sql = Sql.of(AccessChanges.class);

    /** @param refresh has the catalogue read soon, on another thread */
    AccessChanges(AccessCatalogue catalogue, Runnable refresh, Duration interval) {
        this.catalogue = catalogue;
        this.refresh = refresh;
        this.interval = interval;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void changed(int id, long version) {
        if (version != catalogue.version()) {
            refresh.run();
        }
    }

    @Override
    public Duration look(JdbcClient database) {
        long version =
                database.sql(sql.text("select-version")).query(Long.class).single();
        // Unequal, not greater: a database that was restored to an earlier state has a lower version.
        if (version != catalogue.version()) {
            refresh.run();
        }
        return interval;
    }
}
