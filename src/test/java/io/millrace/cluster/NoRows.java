package io.millrace.cluster;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The rows of nodes, for a node that needs a name and no lease: nothing is written, and no other node lives. */
final class NoRows implements Node.Rows {

    @Override
    public long renew(String name, @Nullable String address, Duration lease) {
        return 0;
    }

    @Override
    public void delete(String name) {}

    @Override
    public void forgetDead() {}
}
