package io.millrace.bench.command;

import io.millrace.bench.connection.EventLoops;
import io.millrace.bench.group.GroupRun;
import io.millrace.bench.group.Member;
import io.millrace.bench.measure.Report;
import io.millrace.bench.run.BenchException;
import io.millrace.bench.run.Run;
import io.millrace.client.HubClient;
import io.millrace.client.NoAnswerException;
import io.millrace.client.RefusedException;
import io.millrace.client.message.Topic;
import io.millrace.event.Acks;
import io.millrace.event.NewRecord;
import io.millrace.event.RecordFormat;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How fast a consumer group settles, how many partitions move, and how fast members commit. */
@Command(
        name = "groups",
        description = "Lets many WebSocket members join a new group at once, then one more, lets one leave, and lets"
                + " all of them commit record by record.")
public final class GroupsCommand extends Measurement {

    private static final double NANOS = 1e9;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);
    private static final int PRODUCED_AT_ONCE = 10_000;
    private static final int EMPTYING_TRIES = 100;

    @Option(names = "--topic", paramLabel = "NAME", description = "The topic; it is kept after the run.")
    private String topic = "bench-groups";

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Partitions of the topic if it is created; an existing topic keeps its own.")
    private int partitions = 1000;

    @Option(names = "--members", paramLabel = "N", description = "Members, each with a connection.")
    private int members = 1000;

    @Option(names = "--commits", paramLabel = "N", description = "Commits per partition, one per record.")
    private int commits = 50;

    @Override
    void check() {
        TopicOptions.checkName(this, topic);
        require(partitions >= 1 && partitions <= 10_000, "--partitions must be 1 to 10000");
        require(members >= 1 && members <= 9_999, "--members must be 1 to 9999");
        require(commits >= 1 && commits <= 100_000, "--commits must be 1 to 100000");
    }

    @Override
    int threads() {
        return 1;
    }

    @Override
    Report measure(HubClient hub, EventLoops loops, Run run) throws NoAnswerException, InterruptedException {
        Topic target = hub.topics().describeOrCreate(topic, partitions);
        String group = "bench-" + HexFormat.of().toHexDigits(new SplittableRandom().nextInt());
        GroupRun all = new GroupRun(target.partitions().size());
        EventLoop loop = loops.loop(0);
        List<Member> opened = new ArrayList<>();
        loops.openAll(run, members + 1, _ -> {
            Member member = new Member(run, loops.hub(), target, group, all);
            opened.add(member);
            return member;
        });
        Member oneMore = opened.removeLast();
        Report report = new Report()
                .count("members", members)
                .count("partitions", target.partitions().size());

        say("%d members join group %s", members, group);
        report.number("seconds_to_settle", "seconds until all is assigned", on(run, loop, done -> {
            opened.forEach(all::add);
            opened.forEach(Member::join);
            all.whenSettled(done);
        }));

        say("one more joins");
        int[] before = ask(run, loop, () -> all.owners(opened));
        report.number("seconds_to_settle_one_more", "seconds until one more is in", on(run, loop, done -> {
            all.add(oneMore);
            oneMore.join();
            all.whenSettled(done);
        }));
        List<Member> known = new ArrayList<>(opened);
        known.add(oneMore);
        int[] with = ask(run, loop, () -> all.owners(known));
        report.count("partitions_moved_by_one_more", moved(before, with));

        say("the first leaves");
        Member first = opened.getFirst();
        report.number("seconds_to_settle_one_less", "seconds until one less is settled", on(run, loop, done -> {
            all.remove(first);
            first.leave();
            all.whenSettled(done);
        }));
        report.count("partitions_moved_by_one_less", moved(with, ask(run, loop, () -> all.owners(known))));

        measureCommits(hub, run, loop, all, target.partitions().size(), report);
        run.finish();
        loops.close();
        delete(hub, group);
        return report;
    }

    /** Has the members of a settled group commit every record of new ones. */
    private void measureCommits(HubClient hub, Run run, EventLoop loop, GroupRun all, int partitionCount, Report report)
            throws NoAnswerException, InterruptedException {
        long records = produce(hub, partitionCount);
        say("%d records are delivered", records);
        loop.execute(() -> all.members().forEach(Member::permit));
        awaitCount(run, all::delivered, records);
        say("and committed");
        double seconds = on(run, loop, all::commitAll);
        report.number("commits_per_second", "offsets committed/s", all.committed() / seconds)
                .count("offsets_committed", all.committed());
        if (all.committed() != records) {
            report.failed(all.committed() + " offsets were committed instead of " + records);
        }
    }

    private static <T> T ask(Run run, EventLoop loop, Supplier<T> question) {
        CompletableFuture<T> answer = CompletableFuture.supplyAsync(question, loop);
        run.await(answer, PATIENCE_NANOS);
        return answer.join();
    }

    private static int moved(int[] before, int[] after) {
        int moved = 0;
        for (int i = 0; i < before.length; i++) {
            if (before[i] != after[i]) {
                moved++;
            }
        }
        return moved;
    }

    /** Starts something on the event loop; returns the seconds until it was done. */
    private static double on(Run run, EventLoop loop, Consumer<CompletableFuture<Long>> begin) {
        CompletableFuture<Long> done = new CompletableFuture<>();
        long began = System.nanoTime();
        loop.execute(() -> begin.accept(done));
        if (!run.await(done, PATIENCE_NANOS)) {
            throw new BenchException("the group did not settle within "
                    + Duration.ofNanos(PATIENCE_NANOS).toSeconds() + " s");
        }
        return (done.join() - began) / NANOS;
    }

    private static void awaitCount(Run run, LongSupplier count, long expected) {
        long began = System.nanoTime();
        while (count.getAsLong() < expected) {
            if (System.nanoTime() - began > PATIENCE_NANOS) {
                throw new BenchException(count.getAsLong() + " of " + expected + " records were delivered");
            }
            run.pause(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    /** Produces the records whose offsets are to be committed, in each partition; returns their total number. */
    private long produce(HubClient hub, int partitionCount) throws NoAnswerException, InterruptedException {
        long total = (long) partitionCount * commits;
        long sent = 0;
        while (sent < total) {
            int count = (int) Math.min(PRODUCED_AT_ONCE, total - sent);
            List<NewRecord> records = LongStream.range(sent, sent + count)
                    .mapToObj(i -> record((int) (i % partitionCount)))
                    .toList();
            hub.records().produce(topic, records, Acks.LEADER);
            sent += count;
        }
        return total;
    }

    private static NewRecord record(int partition) {
        return new NewRecord(partition, NewRecord.NO_TIMESTAMP, null, new byte[] {'0'}, null, RecordFormat.DEFAULT);
    }

    /** The members have left, but the hub may not have noticed yet. A group that remains does no harm. */
    private static void delete(HubClient hub, String group) throws NoAnswerException, InterruptedException {
        for (int i = 0; i < EMPTYING_TRIES; i++) {
            try {
                hub.groups().delete(group);
                return;
            } catch (RefusedException refusal) {
                if (!refusal.code().equals("group_not_empty")) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private void say(String format, Object... arguments) {
        progress().printf(format + "%n", arguments);
        progress().flush();
    }
}
