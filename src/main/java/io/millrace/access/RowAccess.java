package io.millrace.access;

import io.micrometer.core.instrument.Counter;
import io.millrace.event.HubError;
import io.millrace.event.HubException;
import io.millrace.logging.LimitedLog;
import io.millrace.security.Access;
import io.millrace.security.Caller;
import io.millrace.security.DecisionListener;
import io.millrace.security.Permission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.event.Level;

/** Decides by the rules in the database. */
final class RowAccess implements Access {

    private static final LimitedLog log = LimitedLog.of(RowAccess.class);

    private final AccessCatalogue catalogue;
    private final Set<String> superUsers;
    private final List<DecisionListener> listeners;
    private final Counter denials;

    RowAccess(AccessCatalogue catalogue, List<String> superUsers, List<DecisionListener> listeners, Counter denials) {
        this.catalogue = catalogue;
        this.superUsers = Set.copyOf(superUsers);
        this.listeners = List.copyOf(listeners);
        this.denials = denials;
    }

    @Override
    public void check(Caller caller, Permission permission) {
        boolean allowed = may(caller, permission);
        for (DecisionListener listener : listeners) {
            listener.decided(caller, permission, allowed);
        }
        if (!allowed) {
            denials.increment();
            log.line(
                    Level.INFO,
                    "denied: {} may not {} {} '{}'",
                    caller.name(),
                    Acl.code(permission.operation()),
                    Acl.code(permission.resource()),
                    permission.name());
            throw new HubException(
                    HubError.FORBIDDEN,
                    caller.name() + " may not " + Acl.code(permission.operation()) + " the "
                            + Acl.code(permission.resource())
                            + (permission.resource() == Permission.Resource.CLUSTER
                                    ? ""
                                    : " '" + permission.name() + "'"));
        }
    }

    @Override
    public boolean allows(Caller caller, Permission permission) {
        return may(caller, permission);
    }

    @Override
    public long version() {
        return catalogue.version();
    }

    private boolean may(Caller caller, Permission permission) {
        if (!caller.isKnown()) {
            throw HubAuthentication.refusal("the caller's credential has expired or was revoked");
        }
        List<String> principals = new ArrayList<>(caller.groups());
        principals.add(caller.name());
        if (principals.stream().anyMatch(superUsers::contains)) {
            return true;
        }
        principals.add(Principals.ALL_USERS);
        return catalogue.require().rules().allow(principals, permission);
    }
}
