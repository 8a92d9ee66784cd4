package io.millrace.cursor;

import io.millrace.event.HubException;
import io.millrace.time.Ticker;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds and stores bases. Readers on this node with nearly the same positions share a base: the first one stores it.
 * Blocks; safe for any thread.
 */
public final class Bases {

    /** The most bases in a chain, so that reading one stays cheap: one row each, by primary key. */
    static final int LONGEST_CHAIN = 64;

    /** How often the use of a base is recorded; retention is no more exact than this. */
    private static final long NOTED_EVERY_NANOS = TimeUnit.HOURS.toNanos(1);

    private static final int STRIPES = 64;

    private final BaseStore store;
    private final BaseCache cache;
    private final Ticker ticker;
    private final ReentrantLock[] storing = new ReentrantLock[STRIPES];

    Bases(BaseStore store, BaseCache cache, Ticker ticker) {
        this.store = store;
        this.cache = cache;
        this.ticker = ticker;
        Arrays.setAll(storing, _ -> new ReentrantLock());
    }

    /** Reads the reference to a base that {@link Base#write} has written, for {@link #find}. */
    public static String reference(CursorReader in) {
        return HexFormat.of().formatHex(in.bytes(Base.ID_BYTES));
    }

    /** Reads the differences that {@link Base#write} has written after the reference. */
    public static Positions differences(CursorReader in, Base base) {
        return PositionsCodec.readDifferences(in, base.positions());
    }

    /** Writes positions in full, without a base. */
    public static void writeWhole(CursorWriter out, Positions positions) {
        PositionsCodec.write(out, positions);
    }

    /** Reads what {@link #writeWhole} has written. */
    public static Positions whole(CursorReader in) {
        return PositionsCodec.read(in);
    }

    /**
     * The base of a reference.
     *
     * @param scope what the positions belong to, such as a topic; the same as when the base was stored
     * @return empty if the base is gone or has another scope
     * @throws HubException {@link io.millrace.event.HubError#STORAGE_UNAVAILABLE}
     */
    public Optional<Base> find(long scope, String reference) {
        Base known = cache.get(reference);
        Base found = known == null ? load(scope, reference) : known;
        return found != null && found.scope() == scope && keep(found) ? Optional.of(found) : Optional.empty();
    }

    private @Nullable Base load(long scope, String id) {
        List<BaseStore.Row> rows = store.chain(id);
        if (rows.isEmpty() || rows.getFirst().parent() != null) {
            return null;
        }
        Positions positions = Positions.NONE;
        List<String> chain = new ArrayList<>();
        int bytes = 0;
        for (BaseStore.Row row : rows) {
            CursorReader in = CursorReader.of(row.positions());
            if (in.number() != unsigned(scope)) {
                return null;
            }
            boolean whole = row.parent() == null;
            positions = whole ? PositionsCodec.read(in) : PositionsCodec.readDifferences(in, positions);
            bytes += whole ? 0 : row.positions().length;
            chain.add(row.id());
        }
        // When it was last used is not known here: its use is recorded at once.
        Base loaded = new Base(
                id, scope, positions, chain.subList(0, chain.size() - 1), bytes, ticker.nanos() - NOTED_EVERY_NANOS);
        cache.put(loaded);
        return loaded;
    }

    /**
     * A base near these positions, if a reader on this node has stored or read one lately.
     *
     * @param most the base differs in fewer partitions than this
     */
    public @Nullable Base near(long scope, Positions now, int most) {
        Base newest = cache.newest(scope, now.keys());
        return newest != null && now.differences(newest.positions(), most) < most && keep(newest) ? newest : null;
    }

    /**
     * A base near these positions, or a new one that is stored now.
     *
     * @param old the base that the reader has used so far
     * @param most as for {@link #near}
     * @throws HubException {@link io.millrace.event.HubError#STORAGE_UNAVAILABLE}, or as {@link BaseStore} throws
     */
    public Base nearOrNew(long scope, Positions now, @Nullable Base old, int most) {
        ReentrantLock lock = lock(scope);
        lock.lock();
        try {
            Base near = near(scope, now, most);
            return near == null ? store(scope, now, old) : near;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #nearOrNew}, but null if another reader is storing a base now, which may be near. */
    public @Nullable Base tryNearOrNew(long scope, Positions now, @Nullable Base old, int most) {
        ReentrantLock lock = lock(scope);
        if (!lock.tryLock()) {
            return null;
        }
        try {
            return nearOrNew(scope, now, old, most);
        } finally {
            lock.unlock();
        }
    }

    /** Stores positions: as differences from an older base if these are small, else in full. */
    public Base store(long scope, Positions now, @Nullable Base old) {
        byte[] whole = content(scope, out -> PositionsCodec.write(out, now));
        Base parent = old;
        byte[] content = whole;
        if (parent != null) {
            Positions from = parent.positions();
            content = content(scope, out -> PositionsCodec.writeDifferences(out, from, now));
            boolean little =
                    parent.chain().size() + 1 < LONGEST_CHAIN && parent.chainBytes() + content.length <= whole.length;
            if (!little || !keep(parent)) {
                parent = null;
                content = whole;
            }
        }
        String id = id(parent, content);
        store.insert(new BaseStore.Row(id, parent == null ? null : parent.id(), content));
        List<String> chain = new ArrayList<>();
        if (parent != null) {
            chain.addAll(parent.chain());
            chain.add(parent.id());
        }
        int bytes = parent == null ? 0 : parent.chainBytes() + content.length;
        Base stored = new Base(id, scope, now, chain, bytes, parent == null ? ticker.nanos() : parent.usedNanos());
        cache.put(stored);
        return stored;
    }

    /**
     * Keeps a used base from being swept: records its use in the database, at most once an hour.
     *
     * @return false if the base is gone: cursors that name it cannot be read
     */
    public boolean keep(Base base) {
        long now = ticker.nanos();
        if (now - base.usedNanos() < NOTED_EVERY_NANOS) {
            return true;
        }
        List<String> all = new ArrayList<>(base.chain());
        all.add(base.id());
        boolean there = store.touch(all) == all.size();
        if (there) {
            base.used(now);
        } else {
            cache.remove(base);
        }
        return there;
    }

    private static byte[] content(long scope, java.util.function.Consumer<CursorWriter> positions) {
        CursorWriter out = new CursorWriter().put(unsigned(scope));
        positions.accept(out);
        return out.toByteArray();
    }

    /** Zigzag encoding: varints are not negative. */
    private static long unsigned(long scope) {
        return scope >= 0 ? 2 * scope : -2 * scope - 1;
    }

    private static String id(@Nullable Base parent, byte[] content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            if (parent != null) {
                digest.update(HexFormat.of().parseHex(parent.id()));
            }
            byte[] hash = digest.digest(content);
            return HexFormat.of()
                    .formatHex(ByteBuffer.wrap(hash, 0, Base.ID_BYTES).array(), 0, Base.ID_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private ReentrantLock lock(long scope) {
        return storing[Math.floorMod(Long.hashCode(scope), STRIPES)];
    }
}
