package io.millrace.topic;

import io.millrace.cluster.ChangeSubscriber;
import io.millrace.database.Sql;
import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Notices that topics have changed, on any node, and has the {@link TopicCatalogue} compared with the database. */
final class CatalogueChanges implements ChangeSubscriber {

    static final String KIND = "catalogue";

    /** There is one catalogue. */
    static final int ONLY_ID = 0;

    private final TopicCatalogue catalogue;
    private final Runnable refresh;
    private final Duration interval;
    private final Sql sql = Sql.of(CatalogueChanges.class);

    /**
     * @param refresh has the catalogue compared soon, on another thread
     * @param interval between looks, which find changes whose notification was lost
     */
    CatalogueChanges(TopicCatalogue catalogue, Runnable refresh, Duration interval) {
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
        if (version > catalogue.version()) {
            refresh.run();
        }
    }

    @Override
    public Duration look(JdbcClient database) {
        long version = database.sql(sql.text("select-catalogue-version"))
                .query(Long.class)
                .single();
        // Unequal, not greater: a database that was restored to an earlier state has a lower version.
        if (version != catalogue.version()) {
            refresh.run();
        }
        return interval;
    }
}
