package io.millrace.replication;

import java.sql.SQLException;

/** Where looks come from. One thread uses it. */
interface ReplicaSource {

    /** The primary and its standbys now. After a failure the next look connects anew. */
    Replicas look() throws SQLException;

    void close();
}
