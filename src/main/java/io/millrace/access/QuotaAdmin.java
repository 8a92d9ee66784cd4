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
import io.millrace.security.Quotas.Kind;
import java.util.Map;

/** Quotas as operators manage them, for every protocol: each call checks the caller's permission. Blocks. */
public final class QuotaAdmin {

    private final QuotaStore store;
    private final Transactions transactions;
    private final Access access;
    private final Runnable changed;

    /** @param changed has this node act on a change at once; never fails */
    QuotaAdmin(QuotaStore store, Transactions transactions, Access access, Runnable changed) {
        this.store = store;
        this.transactions = transactions;
        this.access = access;
        this.changed = changed;
    }

    /**
     * Sets a user's quota, instead of what it had.
     *
     * @return whether the user had none before
     * @throws HubException {@link HubError#INVALID_REQUEST}, {@link HubError#FORBIDDEN}
     */
    public boolean set(Caller caller, String principal, Map<Kind, Long> perSecond) {
        access.check(caller, Permission.cluster(Operation.ALTER));
        check(principal, perSecond);
        boolean added = transactions.write(() -> store.set(principal, perSecond, caller.name()));
        changed.run();
        return added;
    }

    /**
     * Refuses a quota that could never concern anybody, or limits nothing.
     *
     * @throws HubException {@link HubError#INVALID_REQUEST}
     */
    public static void check(String principal, Map<Kind, Long> perSecond) {
        if (!Principals.isUser(principal) && !principal.equals(Principals.ALL_USERS)) {
            throw new HubException(
                    HubError.INVALID_REQUEST,
                    Place.field("principal"),
                    "invalid_principal",
                    "quotas are of users: 'User:' and 1 to 200 characters without control characters, or 'User:*'");
        }
        perSecond.forEach((kind, value) -> {
            if (value < 1 || value > Quota.MOST) {
                throw new HubException(
                        HubError.INVALID_REQUEST,
                        Place.field(QuotaStore.field(kind)),
                        "out_of_range",
                        QuotaStore.field(kind) + " must be 1 to " + Quota.MOST);
            }
        });
        if (perSecond.isEmpty()) {
            throw new HubException(HubError.INVALID_REQUEST, "a quota limits something; to lift it, it is removed");
        }
    }

    /** Quotas in the order of their principals. */
    public Listing.Page<Quota> list(Caller caller, String after, int limit) {
        access.check(caller, Permission.cluster(Operation.DESCRIBE));
        return transactions.read(() -> Listing.page(limit, after, store::list, Quota::principal, _ -> true));
    }

    /** @throws HubException {@link HubError#UNKNOWN_QUOTA}, {@link HubError#FORBIDDEN} */
    public void remove(Caller caller, String principal) {
        access.check(caller, Permission.cluster(Operation.ALTER));
        if (!transactions.write(() -> store.remove(principal))) {
            throw new HubException(HubError.UNKNOWN_QUOTA, "this principal has no quota of its own");
        }
        changed.run();
    }
}
