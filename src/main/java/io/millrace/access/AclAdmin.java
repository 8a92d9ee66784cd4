package io.millrace.access;

import io.millrace.access.Acl.Pattern;
import io.millrace.access.Acl.Rule;
import io.millrace.database.Transactions;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.event.Place;
import io.millrace.security.Access;
import io.millrace.security.Caller;
import io.millrace.security.Permission;
import io.millrace.security.Permission.Operation;
import io.millrace.security.Permission.Resource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules of access as operators manage them, for every protocol: each call checks the caller's permission. Blocks. */
public final class AclAdmin {

    /**
     * Some rules.
     *
     * @param next the id to continue after; null at the end
     */
    public record Page(List<Acl> acls, @Nullable Long next) {}

    /**
     * A rule that is there.
     *
     * @param added false if it was there before
     */
    public record Added(Acl acl, boolean added) {}

    /** As the column checks it. */
    private static final java.util.regex.Pattern NAME = java.util.regex.Pattern.compile("[A-Za-z0-9._-]{1,249}|\\*");

    private final AclStore store;
    private final Transactions transactions;
    private final Access access;
    private final Runnable changed;

    /** @param changed has this node act on a change at once; never fails */
    AclAdmin(AclStore store, Transactions transactions, Access access, Runnable changed) {
        this.store = store;
        this.transactions = transactions;
        this.access = access;
        this.changed = changed;
    }

    /**
     * Adds a rule, unless there is one that says the same.
     *
     * @throws HubException {@link HubError#INVALID_REQUEST}, {@link HubError#FORBIDDEN}
     */
    public Added add(Caller caller, Rule rule) {
        access.check(caller, Permission.cluster(Operation.ALTER));
        check(rule);
        Added done = transactions.write(() -> {
            boolean added = store.add(rule, caller.name());
            return new Added(store.find(rule).orElseThrow(), added);
        });
        changed.run();
        return done;
    }

    /**
     * Refuses a rule that could never concern anything.
     *
     * @throws HubException {@link HubError#INVALID_REQUEST}
     */
    public static void check(Rule rule) {
        if (!Principals.isValid(rule.principal())) {
            throw refusal("principal", Principals.RULE);
        }
        String name = rule.resourceName();
        if (!NAME.matcher(name).matches() || name.equals("*") && rule.patternType() == Pattern.PREFIXED) {
            throw refusal("resource_name", "a resource's name is a topic's or a group's, or a literal '*' for all");
        }
        if (rule.resourceType() == Resource.CLUSTER && !name.equals(Permission.CLUSTER) && !name.equals("*")) {
            throw refusal("resource_name", "the only cluster is '" + Permission.CLUSTER + "'");
        }
    }

    private static HubException refusal(String field, String rule) {
        return new HubException(HubError.INVALID_REQUEST, Place.field(field), "invalid_" + field, rule);
    }

    /** Rules in the order in which they were added. */
    public Page list(Caller caller, AclStore.Filter filter, long after, int limit) {
        access.check(caller, Permission.cluster(Operation.DESCRIBE));
        List<Acl> found = transactions.read(() -> store.list(filter, after, limit + 1));
        return found.size() <= limit
                ? new Page(found, null)
                : new Page(found.subList(0, limit), found.get(limit - 1).id());
    }

    /** @throws HubException {@link HubError#UNKNOWN_ACL}, {@link HubError#FORBIDDEN} */
    public void remove(Caller caller, long id) {
        access.check(caller, Permission.cluster(Operation.ALTER));
        if (!transactions.write(() -> store.remove(id))) {
            throw new HubException(HubError.UNKNOWN_ACL, "there is no rule with this id");
        }
        changed.run();
    }
}
