package io.millrace.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.append.Appender;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.security.Caller;
import io.millrace.security.DecisionListener;
import io.millrace.security.Permission;
import io.millrace.security.Permission.Operation;
import io.millrace.topic.Topic;
import io.millrace.topic.TopicCatalogue;
import io.millrace.topic.TopicConfig;
import io.millrace.topic.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Appends decisions about operations that change more than records to a topic, which it creates when there is the first
 * one. Any thread may tell of a decision; one calls {@link #round}.
 */
final class AuditLog implements DecisionListener {

    static final Set<Operation> AUDITED =
            EnumSet.of(Operation.CREATE, Operation.ALTER, Operation.DELETE, Operation.RESET);

    private static final int MOST_WAITING = 10_000;
    private static final int MOST_AT_ONCE = 500;
    private static final long YEAR_MS = Duration.ofDays(365).toMillis();

    private final String name;
    private final Topics topics;
    private final TopicCatalogue catalogue;
    private final Appender appender;
    private final Clock clock;
    private final Counter lost;
    private final BlockingQueue<AuditEntry> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private volatile Runnable wake = () -> {};

    /** @param name of the topic; blank for none */
    AuditLog(
            String name,
            Topics topics,
            TopicCatalogue catalogue,
            Appender appender,
            Clock clock,
            MeterRegistry registry) {
        this.name = name;
        this.topics = topics;
        this.catalogue = catalogue;
        this.appender = appender;
        this.clock = clock;
        this.lost = Counter.builder("millrace.audit.lost")
                .description("Decisions that are missing in the audit log, since too many waited to be appended")
                .register(registry);
    }

    /** @param loop asks for a round, when there is something to append */
    void wakeBy(Runnable loop) {
        this.wake = loop;
    }

    @Override
    public void decided(Caller caller, Permission permission, boolean allowed) {
        if (!name.isBlank() && AUDITED.contains(permission.operation())) {
            if (!waiting.offer(AuditEntry.of(clock.millis(), caller, permission, allowed))) {
                lost.increment();
            }
            wake.run();
        }
    }

    /** Appends what waits. What could not be appended is tried again in the next round. */
    void round() throws Exception {
        List<AuditEntry> entries = new ArrayList<>();
        while (waiting.drainTo(entries, MOST_AT_ONCE) > 0) {
            try {
                append(entries);
            } catch (Exception failure) {
                giveBack(entries);
                throw failure;
            }
            entries.clear();
        }
    }

    /** In an order that is no longer theirs, if others have come meanwhile: each entry has its time. */
    private void giveBack(List<AuditEntry> entries) {
        entries.stream().filter(entry -> !waiting.offer(entry)).forEach(_ -> lost.increment());
    }

    private void append(List<AuditEntry> entries) throws Exception {
        // Its statements have a time limit.
        appender.append(topic(), entries.stream().map(AuditEntry::record).toList())
                .get();
    }

    private Topic topic() {
        try {
            return catalogue.require(name);
        } catch (HubException absent) {
            if (absent.error() != HubError.UNKNOWN_TOPIC) {
                throw absent;
            }
        }
        try {
            return topics.create(name, 1, TopicConfig.DEFAULTS.withRetentionMs(YEAR_MS));
        } catch (HubException another) {
            if (another.error() != HubError.TOPIC_EXISTS) {
                throw another;
            }
            return catalogue.require(name);
        }
    }
}
