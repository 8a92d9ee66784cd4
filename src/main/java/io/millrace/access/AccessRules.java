package io.millrace.access;

import io.millrace.access.Acl.Effect;
import io.millrace.access.Acl.Pattern;
import io.millrace.access.Acl.Rule;
import io.millrace.access.Acl.RuleOperation;
import io.millrace.security.Permission;
import io.millrace.security.Permission.Operation;
import io.millrace.security.Permission.Resource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All rules, ready for decisions: by principal, resource and name, so that a decision takes a few look-ups, however
 * many rules there are. A denial wins over all that allows; what no rule allows is not allowed. Immutable.
 */
final class AccessRules {

    static final AccessRules NONE = of(List.of());

    /**
     * The operations that a rule has to allow one of, for each operation: Kafka's (reading, writing, deleting and
     * altering include describing), and reading includes its parts.
     */
    private static final int[] ALLOWED_BY = new int[Operation.values().length];

    /** The operations whose denial denies each operation. Denying to read denies its parts, but not describing. */
    private static final int[] DENIED_BY = new int[Operation.values().length];

    static {
        for (Operation operation : Operation.values()) {
            Set<RuleOperation> itself = EnumSet.of(RuleOperation.ALL, RuleOperation.valueOf(operation.name()));
            if (operation == Operation.COMMIT || operation == Operation.RESET) {
                itself.add(RuleOperation.READ);
            }
            DENIED_BY[operation.ordinal()] = bits(itself);
            ALLOWED_BY[operation.ordinal()] = operation == Operation.DESCRIBE
                    ? bits(EnumSet.complementOf(EnumSet.of(RuleOperation.CREATE)))
                    : bits(itself);
        }
    }

    private final Map<String, Map<Resource, Named>> byPrincipal;

    private AccessRules(Map<String, Map<Resource, Named>> byPrincipal) {
        this.byPrincipal = byPrincipal;
    }

    static AccessRules of(Collection<Rule> rules) {
        Map<String, Map<Resource, Named>> byPrincipal = new HashMap<>();
        for (Rule rule : rules) {
            byPrincipal
                    .computeIfAbsent(rule.principal(), _ -> new EnumMap<>(Resource.class))
                    .computeIfAbsent(rule.resourceType(), _ -> new Named())
                    .add(rule);
        }
        return new AccessRules(byPrincipal);
    }

    private static int bits(Set<RuleOperation> operations) {
        return operations.stream().mapToInt(AccessRules::bit).sum();
    }

    private static int bit(RuleOperation operation) {
        return 1 << operation.ordinal();
    }

    /** @param principals who asks: a user, {@link Principals#ALL_USERS} and its groups */
    boolean allow(Collection<String> principals, Permission permission) {
        Mask mask = mask(principals, permission.resource(), permission.name());
        int operation = permission.operation().ordinal();
        if ((mask.denied & DENIED_BY[operation]) != 0) {
            return false;
        }
        return (mask.allowed & ALLOWED_BY[operation]) != 0 || mayCreateAny(principals, permission);
    }

    /** Creating in the cluster is creating any topic, as in Kafka. */
    private boolean mayCreateAny(Collection<String> principals, Permission permission) {
        return permission.operation() == Operation.CREATE
                && permission.resource() == Resource.TOPIC
                && allow(principals, Permission.cluster(Operation.CREATE));
    }

    private Mask mask(Collection<String> principals, Resource resource, String name) {
        Mask mask = new Mask();
        for (String principal : principals) {
            Map<Resource, Named> its = byPrincipal.get(principal);
            Named named = its == null ? null : its.get(resource);
            if (named != null) {
                named.addTo(mask, name);
            }
        }
        return mask;
    }

    /** What the rules that concern a name allow and deny. */
    private static final class Mask {

        private int allowed;
        private int denied;

        void add(@Nullable Mask other) {
            if (other != null) {
                allowed |= other.allowed;
                denied |= other.denied;
            }
        }

        void add(Rule rule) {
            if (rule.permission() == Effect.ALLOW) {
                allowed |= bit(rule.operation());
            } else {
                denied |= bit(rule.operation());
            }
        }
    }

    /** The rules of one principal for one kind of resource. */
    private static final class Named {

        private static final String ALL = "*";

        private final Map<String, Mask> literals = new HashMap<>();
        private final Map<String, Mask> prefixes = new HashMap<>();
        private int longestPrefix;

        void add(Rule rule) {
            boolean prefixed = rule.patternType() == Pattern.PREFIXED;
            (prefixed ? prefixes : literals)
                    .computeIfAbsent(rule.resourceName(), _ -> new Mask())
                    .add(rule);
            longestPrefix =
                    prefixed ? Math.max(longestPrefix, rule.resourceName().length()) : longestPrefix;
        }

        void addTo(Mask mask, String name) {
            mask.add(literals.get(ALL));
            int star = name.indexOf('*');
            if (star >= 0) {
                addPattern(mask, name.substring(0, star));
                return;
            }
            mask.add(literals.get(name));
            addPrefixes(mask, name);
        }

        private void addPrefixes(Mask mask, String name) {
            for (int length = Math.min(longestPrefix, name.length()); length > 0; length--) {
                mask.add(prefixes.get(name.substring(0, length)));
            }
        }

        /**
         * For a pattern, all of whose names begin with its head: what allows has to concern all of them, what denies
         * needs to concern one that might match.
         */
        private void addPattern(Mask mask, String head) {
            addPrefixes(mask, head);
            literals.forEach((name, its) -> {
                if (!name.equals(ALL) && name.startsWith(head)) {
                    mask.denied |= its.denied;
                }
            });
            prefixes.forEach((prefix, its) -> {
                if (prefix.startsWith(head)) {
                    mask.denied |= its.denied;
                }
            });
        }
    }
}
