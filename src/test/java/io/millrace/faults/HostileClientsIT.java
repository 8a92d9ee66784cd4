package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each kind of hostile client for some seconds. {@link HostileShow} does the same in larger numbers, and for longer.
 */
class HostileClientsIT {

    private static final Logger log = LoggerFactory.getLogger(HostileClientsIT.class);

    private static final int HEAP_MEGABYTES = 512;

    /** The heap, off-heap memory for clients and in the allocator, and the JVM's own; see docs/memory.md. */
    private static final long BOUND = 1024L * 1024 * 1024;

    private static final int SECONDS = 4;

    @Test
    void otherClientsAreNotAffected() throws Exception {
        try (HubProcess hub = HubProcess.onDatabase("hostile", TestPostgres.newDatabase(), HEAP_MEGABYTES)) {
            hub.awaitReady();
            Bystanders others = new Bystanders(hub.http("/").getPort(), "bystanders");
            others.createTopic();
            for (Hostile hostile : HostileSenders.of("bystanders")) {
                Bystanders.Notice notice =
                        HostileShow.during(hostile, others, hub.http("/").getPort(), SECONDS);
                log.info("{}: {}, {} MB", hostile.name(), notice, HostileShow.peak(hub.pid()) >> 20);
                assertThat(notice.troubles()).as(hostile.name()).isEmpty();
                assertThat(notice.records()).as(hostile.name()).isPositive();
                assertThat(hub.isAlive()).as(hostile.name()).isTrue();
            }
            if (Files.exists(Path.of("/proc/self/status"))) {
                assertThat(HostileShow.peak(hub.pid())).isLessThan(BOUND);
            }
            assertThat(hub.log()).doesNotContain("OutOfMemoryError", " ERROR ");
        }
    }
}
