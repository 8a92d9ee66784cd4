package io.millrace.replication;

import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The primary and its standbys at one moment.
 *
 * @param flushed the position in the WAL up to which the primary had flushed; every commit before the moment is below
 *     it
 * @param standbys in the order of their names
 * @param demanded how many standbys PostgreSQL's own synchronous commits wait for
 * @param visible whether the hub's role may see the standbys' state
 */
public record Replicas(Leader leader, long flushed, List<Standby> standbys, int demanded, boolean visible) {

    /**
     * The forms of {@code synchronous_standby_names}: {@code ANY 2 (a, b)}, {@code FIRST 2 (a, b)}, {@code 2 (a, b)}.
     */
    private static final Pattern COUNTED =
            Pattern.compile("\\s*(?:(?:ANY|FIRST)\\s+)?(\\d+)\\s*\\(.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    public Replicas {
        standbys = List.copyOf(standbys);
    }

    /** How many standbys a value of {@code synchronous_standby_names} demands: 1 for a plain list of names. */
    static int demanded(String synchronousStandbyNames) {
        if (synchronousStandbyNames.isBlank()) {
            return 0;
        }
        Matcher counted = COUNTED.matcher(synchronousStandbyNames);
        return counted.matches() ? Integer.parseInt(counted.group(1)) : 1;
    }

    /** How many servers are in sync, the primary included. */
    public int inSync() {
        return 1 + (int) standbys.stream().filter(Standby::inSync).count();
    }

    /** Whether enough standbys are in sync for that many copies, and for PostgreSQL's own rule. */
    public boolean suffice(int copies) {
        return inSync() - 1 >= needed(copies);
    }

    /**
     * The position in the WAL up to which that many servers have flushed, the primary included.
     *
     * <p>At least as many standbys count as PostgreSQL would wait for: a failover manager relies on that number when it
     * chooses whom to promote.
     *
     * @return empty if there are not enough standbys in sync
     */
    OptionalLong flushedBy(int copies) {
        if (!suffice(copies)) {
            return OptionalLong.empty();
        }
        return standbys.stream()
                .filter(Standby::inSync)
                .mapToLong(standby -> -standby.flushed())
                .sorted()
                .skip(needed(copies) - 1L)
                .map(negated -> -negated)
                .findFirst();
    }

    private int needed(int copies) {
        return Math.max(Math.max(copies - 1, demanded), 1);
    }
}
