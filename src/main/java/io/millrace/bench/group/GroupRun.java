package io.millrace.bench.group;

import io.millrace.bench.measure.Counter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The members of a group, with the assignment as they see it. All of them are on one event loop, and this is used on
 * that event loop only, except for the methods for any thread.
 */
public final class GroupRun {

    private static final int NO_OWNER = -1;

    private final int partitions;
    private final List<Member> members = new ArrayList<>();
    private final Counter delivered = new Counter();
    private final Counter committed = new Counter();
    private @Nullable CompletableFuture<Long> settled;
    private @Nullable CompletableFuture<Long> allCommitted;
    private int committing;

    public GroupRun(int partitions) {
        this.partitions = partitions;
    }

    public void add(Member member) {
        members.add(member);
    }

    public void remove(Member member) {
        members.remove(member);
    }

    public List<Member> members() {
        return members;
    }

    /**
     * Completes with the time at which every partition has exactly one owner and no member has more or less than its
     * share.
     */
    public void whenSettled(CompletableFuture<Long> done) {
        settled = done;
        changed();
    }

    /** A member's assignment has changed. */
    void changed() {
        CompletableFuture<Long> waiting = settled;
        if (waiting != null && isSettled()) {
            settled = null;
            waiting.complete(System.nanoTime());
        }
    }

    private boolean isSettled() {
        if (members.isEmpty()) {
            return false;
        }
        int most = Math.ceilDiv(partitions, members.size());
        int least = partitions / members.size();
        BitSet covered = new BitSet(partitions);
        int sum = 0;
        for (Member member : members) {
            int owns = member.owned().cardinality();
            if (!member.joined() || owns < least || owns > most) {
                return false;
            }
            sum += owns;
            covered.or(member.owned());
        }
        return sum == partitions && covered.cardinality() == partitions;
    }

    /** The owner of each partition, as an index into the given members; {@link #NO_OWNER} if none of them owns it. */
    public int[] owners(List<Member> known) {
        int[] owners = new int[partitions];
        Arrays.fill(owners, NO_OWNER);
        for (int i = 0; i < known.size(); i++) {
            int member = i;
            known.get(i).owned().stream().forEach(partition -> owners[partition] = member);
        }
        return owners;
    }

    void delivered(int records) {
        delivered.add(records);
    }

    /** Lets every member commit record by record to the end; completes with the time of the last commit. */
    public void commitAll(CompletableFuture<Long> done) {
        allCommitted = done;
        committing = (int) members.stream().filter(Member::commitNext).count();
    }

    void committed(Member member, int offsets) {
        committed.add(offsets);
        CompletableFuture<Long> waiting = allCommitted;
        if (!member.commitNext() && --committing == 0 && waiting != null) {
            waiting.complete(System.nanoTime());
        }
    }

    /** Records that members have received; any thread. */
    public long delivered() {
        return delivered.get();
    }

    /** Offsets committed; any thread. */
    public long committed() {
        return committed.get();
    }
}
