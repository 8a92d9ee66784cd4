package io.millrace.bench.group;

import io.millrace.bench.connection.SubscribingConnection;
import io.millrace.bench.format.ScannedRecords;
import io.millrace.bench.format.Subprotocol;
import io.millrace.bench.hub.Refusals;
import io.millrace.bench.run.BenchException;
import io.millrace.bench.run.Run;
import io.millrace.client.HubUrl;
import io.millrace.client.message.Frame;
import io.millrace.client.message.Position;
import io.millrace.client.message.Topic;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A member of a consumer group with a connection of its own. It begins without credits, so that it has nothing to
 * commit before it gives up a partition. Used on its event loop only, except for {@link #whenOpen}.
 */
public final class Member extends SubscribingConnection {

    private static final String SUBSCRIPTION = "m";

    private final String group;
    private final GroupRun groupRun;
    private final String topic;
    private final BitSet owned = new BitSet();
    private long[] committed = {};
    private long[] delivered = {};
    private boolean joined;
    private int committing;

    public Member(Run run, HubUrl hub, Topic topic, String group, GroupRun groupRun) {
        super(run, hub, Subprotocol.JSON, Subprotocol.JSON.scanner(SUBSCRIPTION, topic.name()));
        this.topic = topic.name();
        this.group = group;
        this.groupRun = groupRun;
    }

    public void join() {
        send("{\"type\":\"subscribe\",\"id\":\"" + SUBSCRIPTION + "\",\"topics\":[\"" + topic + "\"],\"group\":\""
                + group + "\",\"from\":\"latest\",\"credits\":0}");
    }

    public void leave() {
        send("{\"type\":\"unsubscribe\",\"id\":\"" + SUBSCRIPTION + "\"}");
    }

    public void permit() {
        send("{\"type\":\"permit\",\"id\":\"" + SUBSCRIPTION + "\",\"records\":1000000000}");
    }

    /** The partitions that it owns; not to be modified. */
    BitSet owned() {
        return owned;
    }

    /** Whether it has received an assignment. */
    boolean joined() {
        return joined;
    }

    /** Commits the next record of each of its partitions; false if there is nothing left to commit. */
    boolean commitNext() {
        String offsets = owned.stream()
                .filter(partition -> committed[partition] < delivered[partition])
                .mapToObj(partition -> "{\"topic\":\"" + topic + "\",\"partition\":" + partition + ",\"next_offset\":"
                        + ++committed[partition] + "}")
                .collect(Collectors.joining(","));
        if (offsets.isEmpty()) {
            return false;
        }
        committing = (int) offsets.chars().filter(c -> c == '{').count();
        send("{\"type\":\"commit\",\"id\":\"" + SUBSCRIPTION + "\",\"ref\":\"c\",\"offsets\":[" + offsets + "]}");
        return true;
    }

    @Override
    protected void records(ByteBuf frame) {
        ScannedRecords read = scan(frame);
        delivered[read.partition()] = read.nextOffset();
        groupRun.delivered(read.count());
    }

    @Override
    protected void unexpected(Frame frame) {
        switch (frame) {
            case Frame.Revoked revoked -> revoked(revoked);
            case Frame.Committed _ -> groupRun.committed(this, committing);
            default -> throw Refusals.unexpected(frame);
        }
    }

    @Override
    protected void assigned(List<Position> partitions) {
        joined = true;
        for (Position position : partitions) {
            int partition = position.partition();
            owned.set(partition);
            if (partition >= committed.length) {
                committed = Arrays.copyOf(committed, 2 * partition + 1);
                delivered = Arrays.copyOf(delivered, 2 * partition + 1);
            }
            committed[partition] = position.nextOffset();
            delivered[partition] = position.nextOffset();
        }
        groupRun.changed();
    }

    private void revoked(Frame.Revoked frame) {
        String reason = frame.reason();
        if (!reason.equals("rebalance") && !reason.equals("unsubscribed")) {
            throw new BenchException("a member lost partitions: " + reason);
        }
        frame.partitions().forEach(partition -> owned.clear(partition.partition()));
        groupRun.changed();
    }
}
