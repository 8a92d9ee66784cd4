package io.millrace.append;

import io.millrace.replication.Leader;
import io.millrace.replication.Replication;
import java.util.concurrent.CompletableFuture;

/** How lanes wait for standbys: {@link Replication#flushed}. */
@FunctionalInterface
interface ReplicaWait {

    CompletableFuture<Void> flushed(int copies, Leader leader);
}
