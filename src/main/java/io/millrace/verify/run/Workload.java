package io.millrace.verify.run;

import io.millrace.client.ClientSettings;
import io.millrace.client.HubUrl;
import io.millrace.client.NoAnswerException;
import io.millrace.client.RefusedException;
import io.millrace.client.message.Topic;
import io.millrace.command.CommandFailure;
import io.millrace.verify.group.GroupMember;
import io.millrace.verify.group.OffsetWatch;
import io.millrace.verify.group.RestMember;
import io.millrace.verify.group.SseMember;
import io.millrace.verify.group.StallWatch;
import io.millrace.verify.group.WsMember;
import io.millrace.verify.history.GroupHistory;
import io.millrace.verify.history.Logged;
import io.millrace.verify.load.Follower;
import io.millrace.verify.load.Hubs;
import io.millrace.verify.load.LogReader;
import io.millrace.verify.load.Pace;
import io.millrace.verify.load.Producers;
import io.millrace.verify.load.RandomLoad;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs the clients, then waits for the group and the followers to read everything, and reads the log. */
public final class Workload {

    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(30);
    private static final int EMPTYING_TRIES = 10;
    private static final int KEYS_OF_A_PARTITION = 4;

    private final Settings settings;
    private final PrintWriter progress;
    private final List<Hubs> opened = new ArrayList<>();
    private final List<String> unfinished = new ArrayList<>();

    /** @param progress for people, while the run goes on */
    public Workload(Settings settings, PrintWriter progress) {
        this.settings = settings;
        this.progress = progress;
    }

    public Observations run() throws NoAnswerException, InterruptedException {
        createTopic();
        try {
            return observe();
        } finally {
            if (!settings.keep()) {
                delete();
            }
            opened.forEach(Hubs::close);
        }
    }

    private Observations observe() throws NoAnswerException, InterruptedException {
        Producers producers = startProducers();
        GroupHistory events = new GroupHistory(producers.history());
        List<Follower> followers = new ArrayList<>();
        for (HubUrl url : settings.urls()) {
            followers.add(Follower.start(
                    url, settings.topic(), settings.partitions(), producers.history(), settings.timeout()));
        }
        List<GroupMember> members = startMembers(events);
        OffsetWatch offsets = OffsetWatch.start(hubs(0), settings.group(), settings.partitions(), events);
        try (StallWatch _ = StallWatch.start(events)) {
            new Progress(progress, producers).await(settings.duration());
            say("the producers end");
            producers.close();
            if (!members.isEmpty()) {
                say("the group reads what is left, and its members leave");
                await("the group did not commit everything", () -> offsets.look() && offsets.atTheEnd());
                leave(members);
            }
            await("the followers did not reach the ends", () -> haveReachedTheEnds(followers));
        } finally {
            producers.close();
            members.forEach(GroupMember::abandon);
            offsets.close();
            for (Follower follower : followers) {
                follower.close();
            }
        }
        if (!members.isEmpty()) {
            await("the committed offsets could not be read", offsets::look);
        }
        say("the log is read");
        List<Logged> log = new LogReader(
                        hubs(0), settings.topic(), settings.partitions(), producers.history(), settings.settling())
                .read();
        Map<String, List<Logged>> received = new LinkedHashMap<>();
        followers.forEach(follower -> received.put("the follower of " + follower.url(), follower.received()));
        return new Observations(
                producers.history().requests(), producers.attempts(), events.events(), received, log, unfinished);
    }

    private Producers startProducers() {
        List<RandomLoad> loads = new ArrayList<>();
        for (int i = 0; i < settings.producers(); i++) {
            // Neighbouring seeds of Random give similar first numbers.
            loads.add(new RandomLoad(
                    (settings.seed() + i) * 0x9E3779B97F4A7C15L, KEYS_OF_A_PARTITION * settings.partitions()));
        }
        Pace pace = Pace.atMost(settings.rate() / settings.producers());
        return Producers.start(
                loads,
                new Producers.Plan(settings.topic(), settings.acks(), settings.timeout(), pace, Settings.MOST_RECORDS),
                settings.urls());
    }

    private List<GroupMember> startMembers(GroupHistory events) {
        List<GroupMember> members = new ArrayList<>();
        for (int i = 0; i < settings.members().size(); i++) {
            MemberProtocol protocol = settings.members().get(i);
            String name = protocol + "-" + i;
            String group = settings.group();
            String topic = settings.topic();
            members.add(
                    switch (protocol) {
                        case WEBSOCKET -> new WsMember(name, group, topic, hubs(i), settings.timeout(), events);
                        case SSE -> new SseMember(name, group, topic, hubs(i), hubs(i), events);
                        case REST -> new RestMember(name, group, topic, hubs(i), SESSION_TIMEOUT, events);
                    });
        }
        members.forEach(GroupMember::start);
        return members;
    }

    private void leave(List<GroupMember> members) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> left = new ArrayList<>();
            members.forEach(member -> left.add(threads.submit(member::leave)));
            for (int i = 0; i < left.size(); i++) {
                if (!left.get(i).get()) {
                    unfinished.add("member " + members.get(i).session() + " could not leave in time");
                }
            }
        } catch (ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private boolean haveReachedTheEnds(List<Follower> followers) throws NoAnswerException, InterruptedException {
        Hubs hubs = opened.getFirst();
        try {
            Topic topic = hubs.current().topics().describe(settings.topic());
            return followers.stream().allMatch(follower -> topic.partitions().stream()
                    .allMatch(partition -> follower.nextOffset(partition.partition()) >= partition.nextOffset()));
        } catch (RefusedException | NoAnswerException failure) {
            hubs.turn();
            throw failure;
        }
    }

    /** Waits until a condition holds; failures to find that out are retried. */
    private void await(String otherwise, Callable<Boolean> condition) throws InterruptedException {
        long deadline = System.nanoTime() + settings.settling().toNanos();
        String failure = "";
        while (System.nanoTime() < deadline) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (NoAnswerException | RefusedException again) {
                failure = "; " + again.getMessage();
            } catch (InterruptedException | RuntimeException other) {
                throw other;
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        }
        unfinished.add(otherwise + " within " + settings.settling().toSeconds() + " s" + failure);
    }

    private void createTopic() throws NoAnswerException, InterruptedException {
        Map<String, Object> config = new LinkedHashMap<>();
        if (settings.minInsyncReplicas() != null) {
            config.put("min_insync_replicas", settings.minInsyncReplicas());
        }
        try {
            hubs(0).current().topics().create(settings.topic(), settings.partitions(), config);
        } catch (RefusedException refusal) {
            if (refusal.code().equals("topic_exists")) {
                throw new CommandFailure(
                        "topic " + settings.topic() + " already exists: a run needs a topic of its own");
            }
            throw refusal;
        }
    }

    /** What is left does no harm. */
    private void delete() throws InterruptedException {
        Hubs hubs = opened.getFirst();
        try {
            hubs.current().topics().delete(settings.topic());
        } catch (NoAnswerException | RefusedException failure) {
            say("topic " + settings.topic() + " remains: " + failure.getMessage());
        }
        if (!settings.members().isEmpty()) {
            deleteGroup(hubs);
        }
    }

    /** Its members have left, but the hubs may not have noticed yet. */
    private void deleteGroup(Hubs hubs) throws InterruptedException {
        for (int left = EMPTYING_TRIES; ; left--) {
            try {
                hubs.current().groups().delete(settings.group());
                return;
            } catch (NoAnswerException | RefusedException failure) {
                if (left == 0) {
                    say("group " + settings.group() + " remains: " + failure.getMessage());
                    return;
                }
                hubs.turn();
                TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
            }
        }
    }

    private Hubs hubs(int first) {
        Hubs hubs = new Hubs(settings.urls(), first, new ClientSettings(CONNECT, settings.timeout(), Map.of()));
        opened.add(hubs);
        return hubs;
    }

    private void say(String what) {
        progress.println(what);
        progress.flush();
    }
}
