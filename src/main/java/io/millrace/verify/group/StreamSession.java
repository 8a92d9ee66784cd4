package io.millrace.verify.group;

import io.millrace.client.message.Frame;
import io.millrace.codec.ReadPage;
import io.millrace.codec.ReadRecord;
import io.millrace.event.TopicPartition;
import io.millrace.verify.history.GroupEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A connection on which the hub sends frames. The connection's thread receives; the member's thread does everything
 * else: it processes record by record, commits in small steps, and commits all its progress when it is asked to give up
 * partitions.
 */
abstract class StreamSession extends MemberSession {

    private static final int STEP = 10;
    private static final Duration LOOK = Duration.ofMillis(500);

    /** A task for the member's thread. */
    private sealed interface Task {

        record Handle(Frame frame) implements Task {}

        /** No more frames follow. */
        record End() implements Task {}

        /** Wakes the thread to check its state. */
        record Wake() implements Task {}
    }

    private final GroupMember member;
    private final BlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private boolean open = true;
    private int processed;

    StreamSession(String id, GroupMember member) {
        super(id, member.history());
        this.member = member;
    }

    /** False if no hub accepts the connection. */
    abstract boolean connect() throws InterruptedException;

    /** Commits the progress. */
    abstract void commit() throws InterruptedException;

    /** Whether the hub has not answered for too long. */
    boolean isOverdue() {
        return false;
    }

    /** Permits as many records as were processed. */
    abstract void permit(int records);

    /** The hub is shutting down. Called by the connection's thread. */
    abstract void draining();

    /** Handles a frame in a protocol-specific way. */
    abstract void handleOther(Frame frame) throws InterruptedException;

    /** Tells the hub that the member leaves; all records that the hub has sent are committed. */
    abstract void leave() throws InterruptedException;

    abstract void disconnect();

    // The connection's thread.

    final void received(Frame frame) {
        switch (frame) {
            case Frame.Assigned assigned -> {
                Map<Integer, Long> added = new HashMap<>();
                assigned.partitions().forEach(position -> added.put(position.partition(), position.nextOffset()));
                assigned(assigned.memberId(), added);
            }
            case Frame.Records records -> delivered(records.page());
            case Frame.Revoked revoked -> revoked(partitions(revoked), revoked.reason());
            case Frame.Draining _ -> draining();
            case Frame.Reset _, Frame.Committed _, Frame.Produced _, Frame.Error _, Frame.Unknown _ -> {
                // Handled by the member's thread only.
            }
        }
        tasks.add(new Task.Handle(frame));
    }

    final void disconnected(int status) {
        ended(status);
        tasks.add(new Task.End());
    }

    // The member's thread.

    @Override
    final void wake() {
        tasks.add(new Task.Wake());
    }

    @Override
    final void run() throws InterruptedException {
        if (!connect()) {
            ended(0);
            return;
        }
        while (open) {
            Task task = next();
            member.awaitResumed();
            handle(task);
            if (tasks.isEmpty()) {
                commit();
            }
            if (open && member.leaving()) {
                finish();
            }
        }
        disconnect();
    }

    /** Processes and commits the received records, and leaves. */
    final void finish() throws InterruptedException {
        for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
            handle(task);
        }
        commit();
        if (open) {
            leave();
        }
        ended(0);
        open = false;
    }

    /** Handles the next frame; false if there are no more. */
    final boolean handleNext() throws InterruptedException {
        handle(next());
        return open;
    }

    private Task next() throws InterruptedException {
        Task task = tasks.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        if (isOverdue()) {
            note(at -> new GroupEvent.Disturbed(at, id()));
            disconnect();
            return new Task.End();
        }
        return task == null ? new Task.Wake() : task;
    }

    final void end() {
        open = false;
    }

    private void handle(Task task) throws InterruptedException {
        switch (task) {
            case Task.Handle(Frame.Records records) -> process(records.page());
            case Task.Handle(Frame.Revoked revoked) -> {
                if (revoked.reason().equals(GroupEvent.Revoked.ASKED)) {
                    commit();
                }
                forget(partitions(revoked));
                handleOther(revoked);
            }
            case Task.Handle(Frame other) -> handleOther(other);
            case Task.End _ -> open = false;
            case Task.Wake _ -> {
                // The loop checks its state.
            }
        }
    }

    private void process(ReadPage page) throws InterruptedException {
        for (ReadRecord record : page.records()) {
            process(page.partition(), page.epoch(), record);
            if (++processed % STEP == 0) {
                commit();
            }
        }
        permit(page.records().size());
    }

    private static Set<Integer> partitions(Frame.Revoked revoked) {
        return revoked.partitions().stream().map(TopicPartition::partition).collect(Collectors.toSet());
    }
}
