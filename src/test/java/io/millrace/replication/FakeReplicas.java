package io.millrace.replication;

import io.millrace.time.SettableTicker;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A primary and its standbys that a test controls, and a {@link Replication} whose rounds it runs. */
public final class FakeReplicas implements ReplicaSource {

    public static final Leader LEADER = new Leader(1, 1);

    private final SettableTicker ticker;
    private final Replication replication;
    private final List<Standby> standbys = new ArrayList<>();
    private Leader leader = LEADER;
    private long written;
    private int demanded = 1;
    private boolean visible = true;
    private boolean away;

    public FakeReplicas() {
        this(SettableTicker.standing());
    }

    /** @param ticker with which waits end */
    public FakeReplicas(SettableTicker ticker) {
        this.ticker = ticker;
        this.replication = new Replication(this, java.time.Duration.ofSeconds(10), ticker);
    }

    public Replication replication() {
        return replication;
    }

    /** The primary writes and flushes more. */
    public void write(long bytes) {
        written += bytes;
    }

    /** A standby in this state, which has flushed up to a position; replaces one of the same name. */
    public void standby(String name, String syncState, long flushed) {
        standbys.removeIf(standby -> standby.name().equals(name));
        standbys.add(new Standby(name, "127.0.0.1", "streaming", syncState, flushed, written - flushed, null));
    }

    public void lose(String name) {
        standbys.removeIf(standby -> standby.name().equals(name));
    }

    public void lead(Leader other) {
        leader = other;
    }

    void demand(int number) {
        demanded = number;
    }

    void visible(boolean is) {
        visible = is;
    }

    void away(boolean is) {
        away = is;
    }

    public long written() {
        return written;
    }

    /** What the loop does; a failure is followed by another try there. */
    public void round() {
        try {
            replication.lookOnce();
        } catch (SQLException failure) {
            // As the loop would: it tries again.
        }
    }

    @Override
    public Replicas look() throws SQLException {
        if (away) {
            throw new SQLException("away");
        }
        return new Replicas(leader, written, standbys, demanded, visible);
    }

    @Override
    public void close() {}
}
