package io.millrace.access;

import io.millrace.database.Transactions;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.security.Access;
import io.millrace.security.Caller;
import io.millrace.security.Listing;
import io.millrace.security.Permission;
import io.millrace.security.Permission.Operation;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** API keys as operators manage them, for every protocol: each call checks the caller's permission. Blocks. */
public final class KeyAdmin {

    /** In characters. */
    public static final int LONGEST_DESCRIPTION = 200;

    private final KeyStore store;
    private final Transactions transactions;
    private final Access access;
    private final Runnable changed;

    /** @param changed has this node act on a change at once; never fails */
    KeyAdmin(KeyStore store, Transactions transactions, Access access, Runnable changed) {
        this.store = store;
        this.transactions = transactions;
        this.access = access;
        this.changed = changed;
    }

    /**
     * Creates a key for a user.
     *
     * @param lifetime null for one that does not expire
     * @throws HubException {@link HubError#INVALID_REQUEST}, {@link HubError#FORBIDDEN}
     */
    public NewKey create(Caller caller, String principal, @Nullable String description, @Nullable Duration lifetime) {
        access.check(caller, Permission.cluster(Operation.ALTER));
        Principals.checkUser(principal);
        checkDescription(description);
        NewKey created = transactions.write(() -> store.create(principal, description, lifetime, caller.name()));
        changed.run();
        return created;
    }

    private static void checkDescription(@Nullable String description) {
        if (description != null
                && (description.length() > LONGEST_DESCRIPTION
                        || description.chars().anyMatch(Character::isISOControl))) {
            throw new HubException(
                    HubError.INVALID_REQUEST,
                    Place.field("description"),
                    "invalid_description",
                    "a description has at most " + LONGEST_DESCRIPTION
                            + " characters, none of them a control character");
        }
    }

    /** Keys in the order of their ids, also those that are no longer accepted. */
    public Listing.Page<ApiKey> list(Caller caller, @Nullable String principal, String after, int limit) {
        access.check(caller, Permission.cluster(Operation.DESCRIBE));
        return transactions.read(() ->
                Listing.page(limit, after, (from, most) -> store.list(principal, from, most), ApiKey::id, _ -> true));
    }

    /** @throws HubException {@link HubError#UNKNOWN_KEY}, {@link HubError#FORBIDDEN} */
    public ApiKey describe(Caller caller, String id) {
        access.check(caller, Permission.cluster(Operation.DESCRIBE));
        return transactions.read(() -> store.find(id)).orElseThrow(KeyAdmin::unknown);
    }

    /**
     * Creates another key for the user of one, which remains accepted for some time. Users may do that for their own
     * keys: they get nothing that they do not have.
     *
     * @param overlap how long the old one remains accepted
     * @param lifetime of the new one; null if it does not expire
     * @throws HubException {@link HubError#UNKNOWN_KEY} also if it is no longer accepted, {@link HubError#FORBIDDEN}
     */
    public NewKey rotate(Caller caller, String id, Duration overlap, @Nullable Duration lifetime) {
        if (!isOwn(caller, id)) {
            access.check(caller, Permission.cluster(Operation.ALTER));
        }
        NewKey created = transactions
                .write(() -> store.rotate(id, overlap, lifetime, caller.name()))
                .orElseThrow(KeyAdmin::unknown);
        changed.run();
        return created;
    }

    private boolean isOwn(Caller caller, String id) {
        return id.equals(caller.credential().keyId()) && caller.isKnown();
    }

    /**
     * Revokes a key: it is no longer accepted, and streams that were opened with it end within seconds. Does nothing if
     * it was revoked before.
     *
     * @throws HubException {@link HubError#UNKNOWN_KEY}, {@link HubError#FORBIDDEN}
     */
    public void revoke(Caller caller, String id) {
        access.check(caller, Permission.cluster(Operation.ALTER));
        if (!transactions.write(() -> store.revoke(id))) {
            throw unknown();
        }
        changed.run();
    }

    private static HubException unknown() {
        return new HubException(HubError.UNKNOWN_KEY, "there is no such API key, or it is no longer accepted");
    }
}
