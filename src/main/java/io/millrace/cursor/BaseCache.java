package io.millrace.cursor;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The bases that this node remembers, those used last, up to a number of positions. Safe for all threads. */
final class BaseCache {

    /** Readers of the same partitions of the same topic. */
    private record Audience(long scope, int keys) {}

    private final int mostPositions;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<String, Base> bases = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Audience, Base> newest = new HashMap<>();
    private long positions;

    BaseCache(int mostPositions) {
        this.mostPositions = mostPositions;
    }

    @Nullable
    Base get(String id) {
        lock.lock();
        try {
            return bases.get(id);
        } finally {
            lock.unlock();
        }
    }

    /** The base that was remembered last of those with exactly these keys. */
    @Nullable
    Base newest(long scope, int[] keys) {
        lock.lock();
        try {
            return newest.get(new Audience(scope, Arrays.hashCode(keys)));
        } finally {
            lock.unlock();
        }
    }

    void put(Base base) {
        lock.lock();
        try {
            forget(bases.get(base.id()));
            bases.put(base.id(), base);
            newest.put(audience(base), base);
            positions += base.positions().count();
            Iterator<Base> oldest = bases.values().iterator();
            while (positions > mostPositions && bases.size() > 1) {
                Base evicted = oldest.next();
                oldest.remove();
                forgotten(evicted);
            }
        } finally {
            lock.unlock();
        }
    }

    void remove(Base base) {
        lock.lock();
        try {
            forget(bases.get(base.id()));
        } finally {
            lock.unlock();
        }
    }

    private void forget(@Nullable Base base) {
        if (base != null) {
            bases.remove(base.id());
            forgotten(base);
        }
    }

    private void forgotten(Base base) {
        positions -= base.positions().count();
        newest.remove(audience(base), base);
    }

    private static Audience audience(Base base) {
        return new Audience(base.scope(), Arrays.hashCode(base.positions().keys()));
    }
}
