package io.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import io.millrace.client.Answer;
import io.millrace.client.ClientSettings;
import io.millrace.client.HubClient;
import io.millrace.testing.Beside;
import io.millrace.testing.TestPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Suspends the threads of lanes and loops: readiness and liveness must name each of them. */
@Beside
class StoppedThreadsIT {

    private static final Logger log = LoggerFactory.getLogger(StoppedThreadsIT.class);

    /** The limit is five seconds; the machine may be busy with other builds. */
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final Duration PROBE = Duration.ofSeconds(1);

    private static final Pattern LOOPS = Pattern.compile("lane-.*|topic-catalogue|group-(members|sweep|lag|commits)"
            + "|change-notifier|node-lease|segment-roller|tail-cache-sweeper|stream-ticker");

    private static final Pattern EVENT_LOOPS = Pattern.compile("reactor-http-.*");

    private static final Pattern WAITS = Pattern.compile("park|(epoll|poll|select|kevent).*");

    @Test
    void theHealthProbesNameEachStoppedThread() throws Exception {
        int port = HubProcess.freePort();
        try (HubProcess hub = HubProcess.debugged("stopped-threads", TestPostgres.newDatabase(), port)) {
            hub.awaitReady();
            VirtualMachine machine = attach(port);
            List<ThreadReference> loops = machine.allThreads().stream()
                    .filter(thread -> LOOPS.matcher(thread.name()).matches())
                    .toList();
            assertThat(loops).hasSizeGreaterThan(10);
            await().atMost(DEADLINE).until(() -> answers(hub, 200, ""));
            loops.forEach(StoppedThreadsIT::suspendAtRest);
            try {
                for (ThreadReference loop : loops) {
                    await().alias(loop.name())
                            .atMost(DEADLINE)
                            .pollInterval(Duration.ofMillis(50))
                            .until(() -> answers(hub, 503, "\"" + loop.name() + "\""));
                }
            } finally {
                loops.forEach(ThreadReference::resume);
            }
            await().atMost(DEADLINE).until(() -> answers(hub, 200, ""));
            machine.dispose();
        }
    }

    /**
     * Probes on connections of the stopped loop are not answered, the others name it, and after five seconds no probe
     * on any connection says "up".
     */
    @Test
    void noProbeSaysUpFiveSecondsAfterAnEventLoopHasStopped() throws Exception {
        int port = HubProcess.freePort();
        try (HubProcess hub = HubProcess.debugged("stopped-event-loops", TestPostgres.newDatabase(), port)) {
            hub.awaitReady();
            VirtualMachine machine = attach(port);
            List<ThreadReference> loops = machine.allThreads().stream()
                    .filter(thread -> EVENT_LOOPS.matcher(thread.name()).matches())
                    .toList();
            assertThat(loops).hasSizeGreaterThan(1);
            for (ThreadReference loop : loops) {
                try (Probes probes = new Probes(hub)) {
                    // Some connections must be on running loops before: new ones need the loop that accepts.
                    probes.awaitUp();
                    suspendAtRest(loop);
                    long began = System.nanoTime();
                    try {
                        probes.awaitReported(began, "-loop-", DEADLINE);
                    } finally {
                        loop.resume();
                    }
                    log.info(
                            "{} is reported after {} ms",
                            loop.name(),
                            probes.reportedAfter(began).toMillis());
                    // Plus the precision of probes: an answer may take that long.
                    assertThat(probes.reportedAfter(began)).as(loop.name()).isLessThanOrEqualTo(LIMIT.plus(PROBE));
                }
                await().atMost(DEADLINE).until(() -> answers(hub, 200, ""));
            }
            machine.dispose();
        }
    }

    /** Only while it waits for work: threads that work or wait for PostgreSQL have a longer limit. */
    private static void suspendAtRest(ThreadReference thread) {
        await().atMost(DEADLINE).until(() -> {
            thread.suspend();
            if (WAITS.matcher(thread.frame(0).location().method().name()).matches()) {
                return true;
            }
            thread.resume();
            return false;
        });
    }

    /** Both probes. */
    private static boolean answers(HubProcess hub, int status, String part) throws Exception {
        return answers(hub, "readiness", status, part) && answers(hub, "liveness", status, part);
    }

    private static boolean answers(HubProcess hub, String group, int status, String part) throws Exception {
        try (HubClient client = new HubClient(hub.management(), new ClientSettings(PROBE, PROBE, Map.of()))) {
            Answer answer = client.get("/actuator/health/" + group);
            log.debug("{}: {} {}", group, answer.status(), answer.text());
            return answer.status() == status && answer.text().contains(part);
        } catch (IOException unanswered) {
            log.debug("{}: {}", group, unanswered.toString());
            return false;
        }
    }

    private static VirtualMachine attach(int port) throws Exception {
        AttachingConnector connector = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(candidate -> candidate.transport().name().equals("dt_socket"))
                .findFirst()
                .orElseThrow();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue(Integer.toString(port));
        return connector.attach(arguments);
    }
}
