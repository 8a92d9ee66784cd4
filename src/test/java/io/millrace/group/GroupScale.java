package io.millrace.group;

import io.millrace.event.StartPosition;
import io.millrace.event.TopicPartition;
import io.millrace.group.admin.GroupAdmin;
import io.millrace.group.admin.GroupDescription;
import io.millrace.security.Caller;
import io.millrace.testing.Hub;
import io.millrace.testing.TestDatabase;
import io.millrace.testing.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Measures how long a large group takes to settle, over three hubs in this process: when all its members join at once,
 * when one more joins, when one leaves. Run it by hand: {@code main}, with the members and the partitions.
 */
final class GroupScale {

    static final String TOPIC = "scale";
    private static final long MOST_SECONDS = 120;

    private final List<Hub> hubs;
    private final int partitions;
    private final List<Membership> members = new ArrayList<>();

    GroupScale(List<Hub> hubs, int partitions) {
        this.hubs = hubs;
        this.partitions = partitions;
    }

    static void main(String[] arguments) throws Exception {
        int members = arguments.length < 1 ? 1000 : Integer.parseInt(arguments[0]);
        int partitions = arguments.length < 2 ? 1000 : Integer.parseInt(arguments[1]);
        TestDatabase database = TestPostgres.newDatabase();
        List<Hub> hubs = Stream.generate(() -> Hub.start(database)).limit(3).toList();
        hubs.getFirst().createTopic(TOPIC, partitions);
        GroupScale scale = new GroupScale(hubs, partitions);
        for (int i = 1; i <= 3; i++) {
            scale.start("start-" + i, members);
            scale.oneMore("start-" + i);
            scale.oneLess();
            scale.leave();
        }
        System.exit(0);
    }

    /** All join at once. */
    Duration start(String group, int count) throws Exception {
        long began = System.nanoTime();
        CountDownLatch joined = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            Hub hub = hubs.get(i % hubs.size());
            Thread.ofVirtual().start(() -> {
                Membership member = join(hub, group);
                synchronized (members) {
                    members.add(member);
                }
                joined.countDown();
            });
        }
        System.out.println(group + ": all joined: " + joined.await(MOST_SECONDS, TimeUnit.SECONDS) + " after "
                + millisSince(began) + " ms");
        awaitSettled();
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        System.out.printf("%s: settled after %d ms, epoch %d%n", group, took.toMillis(), epoch(group));
        return took;
    }

    /** How many partitions moved. */
    int oneMore(String group) throws Exception {
        Set<Object> before = owners();
        long began = System.nanoTime();
        members.add(join(hubs.getFirst(), group));
        long joined = millisSince(began);
        awaitSettled();
        Set<Object> after = owners();
        after.removeAll(before);
        System.out.printf(
                "one more: joined after %d ms, settled after %d ms, %d partitions moved%n",
                joined, millisSince(began), after.size());
        return after.size();
    }

    /** How many partitions moved. */
    int oneLess() throws Exception {
        Set<Object> before = owners();
        long began = System.nanoTime();
        members.removeFirst().leave();
        awaitSettled();
        Set<Object> after = owners();
        after.removeAll(before);
        System.out.printf("one less: settled after %d ms, %d partitions moved%n", millisSince(began), after.size());
        return after.size();
    }

    void leave() throws Exception {
        long began = System.nanoTime();
        List<Membership> all = List.copyOf(members);
        members.clear();
        all.forEach(Membership::leave);
        String group = all.getFirst().group();
        while (hubs.getFirst()
                        .bean(GroupAdmin.class)
                        .describe(Caller.ANYONE, group)
                        .state()
                != GroupDescription.State.EMPTY) {
            Thread.sleep(20);
        }
        System.out.printf("all left after %d ms%n", millisSince(began));
    }

    /** Releases partitions as soon as it is asked to, like a member that has committed everything. */
    private static Membership join(Hub hub, String group) {
        AtomicReference<Membership> self = new AtomicReference<>();
        Runnable changed = () -> {
            Membership member = self.get();
            if (member != null) {
                TestGroups.releaseRevoked(member);
            }
        };
        Membership member = hub.bean(Groups.class)
                .join(
                        new JoinRequest(
                                group,
                                MemberProtocol.WEBSOCKET,
                                List.of(TOPIC),
                                new StartPosition.Earliest(),
                                null,
                                null,
                                null),
                        changed);
        self.set(member);
        TestGroups.releaseRevoked(member);
        return member;
    }

    /** Settled: every partition has an owner that knows it, and no member has to give up any. */
    private void awaitSettled() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        while (!settled()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not settled: " + owners().size() + " of " + partitions);
            }
            Thread.sleep(10);
        }
    }

    private boolean settled() {
        int most = Math.ceilDiv(partitions, members.size());
        int least = partitions / members.size();
        Set<TopicPartition> owned = new HashSet<>();
        for (Membership member : members) {
            List<Owned> mine = member.assignment().partitions();
            if (mine.size() < least || mine.size() > most || mine.stream().anyMatch(Owned::revoking)) {
                return false;
            }
            mine.forEach(one -> owned.add(one.name()));
        }
        return owned.size() == partitions;
    }

    private Set<Object> owners() {
        record Owner(TopicPartition partition, String member) {}
        return members.stream()
                .flatMap(member -> member.assignment().partitions().stream()
                        .map(owned -> new Owner(owned.name(), member.memberId())))
                .collect(Collectors.toCollection(HashSet::new));
    }

    private long epoch(String group) {
        return hubs.getFirst()
                .bean(GroupAdmin.class)
                .describe(Caller.ANYONE, group)
                .epoch();
    }

    private static long millisSince(long nanoTime) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
    }
}
