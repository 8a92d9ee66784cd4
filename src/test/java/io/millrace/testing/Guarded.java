package io.millrace.testing;

import io.millrace.access.Acl.Effect;
import io.millrace.access.Acl.Pattern;
import io.millrace.access.Acl.Rule;
import io.millrace.access.Acl.RuleOperation;
import io.millrace.access.AclStore;
import io.millrace.access.KeyStore;
import io.millrace.access.QuotaStore;
import io.millrace.security.Permission.Resource;
import io.millrace.security.Quotas.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Keys and rules of a hub that asks who its callers are. */
public final class Guarded {

    /** The super user of {@link #start}. */
    public static final String ADMIN = "User:admin";

    private static final String AUDIT = "millrace.security.audit-topic";

    private Guarded() {}

    /** A hub with authentication on a database of its own. */
    public static Hub start(String... settings) {
        return start(TestPostgres.newDatabase(), settings);
    }

    /** A hub with authentication. */
    public static Hub start(TestDatabase database, String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("millrace.security.authentication=required");
        all.add("millrace.security.super-users=" + ADMIN);
        // Most tests compare all topics.
        if (all.stream().noneMatch(setting -> setting.startsWith(AUDIT))) {
            all.add(AUDIT + "=");
        }
        return Hub.start(database, all.toArray(String[]::new));
    }

    /** A key of a principal that does not expire. */
    public static String key(Hub hub, String principal) {
        return hub.bean(KeyStore.class).create(principal, null, null, ADMIN).key();
    }

    /** A key that expires after a while. */
    public static String key(Hub hub, String principal, Duration lifetime) {
        return hub.bean(KeyStore.class).create(principal, null, lifetime, ADMIN).key();
    }

    public static void revoke(Hub hub, String key) {
        hub.bean(KeyStore.class).revoke(key.split("_")[1]);
    }

    /** The rule that was added, to be removed with {@link #remove}. */
    public static long allow(Hub hub, String principal, RuleOperation operation, Resource resource, String name) {
        return add(hub, new Rule(principal, Effect.ALLOW, operation, resource, Pattern.LITERAL, name));
    }

    public static long deny(Hub hub, String principal, RuleOperation operation, Resource resource, String name) {
        return add(hub, new Rule(principal, Effect.DENY, operation, resource, Pattern.LITERAL, name));
    }

    private static long add(Hub hub, Rule rule) {
        hub.bean(AclStore.class).add(rule, ADMIN);
        return hub.bean(AclStore.class).find(rule).orElseThrow().id();
    }

    /** Sets a user's quota. */
    public static void quota(Hub hub, String principal, Kind kind, long perSecond) {
        hub.bean(QuotaStore.class).set(principal, Map.of(kind, perSecond), ADMIN);
    }

    public static void remove(Hub hub, long rule) {
        hub.bean(AclStore.class).remove(rule);
    }
}
