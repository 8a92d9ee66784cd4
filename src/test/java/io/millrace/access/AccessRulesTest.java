package io.millrace.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.access.Acl.Effect;
import io.millrace.access.Acl.Pattern;
import io.millrace.access.Acl.Rule;
import io.millrace.access.Acl.RuleOperation;
import io.millrace.security.Permission;
import io.millrace.security.Permission.Operation;
import io.millrace.security.Permission.Resource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AccessRulesTest {

    private static final List<String> ALICE = List.of("User:alice", "Group:staff", "User:*");

    @Test
    void whatNoRuleAllowsIsDenied() {
        assertThat(AccessRules.NONE.allow(ALICE, Permission.topic(Operation.READ, "a")))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(RuleOperation.class)
    void operationsIncludeOthersAsInKafka(RuleOperation granted) {
        AccessRules rules = rules(allow("User:alice", granted, "a"));

        Set<Operation> allowed = EnumSet.noneOf(Operation.class);
        Arrays.stream(Operation.values())
                .filter(operation -> rules.allow(ALICE, Permission.topic(operation, "a")))
                .forEach(allowed::add);

        assertThat(allowed)
                .isEqualTo(
                        switch (granted) {
                            case ALL -> EnumSet.allOf(Operation.class);
                            case READ ->
                                EnumSet.of(Operation.READ, Operation.DESCRIBE, Operation.COMMIT, Operation.RESET);
                            case WRITE -> EnumSet.of(Operation.WRITE, Operation.DESCRIBE);
                            case DELETE -> EnumSet.of(Operation.DELETE, Operation.DESCRIBE);
                            case ALTER -> EnumSet.of(Operation.ALTER, Operation.DESCRIBE);
                            case COMMIT -> EnumSet.of(Operation.COMMIT, Operation.DESCRIBE);
                            case RESET -> EnumSet.of(Operation.RESET, Operation.DESCRIBE);
                            case CREATE -> EnumSet.of(Operation.CREATE);
                            case DESCRIBE -> EnumSet.of(Operation.DESCRIBE);
                        });
    }

    @ParameterizedTest
    @EnumSource(RuleOperation.class)
    void aDenialWinsOverAllThatAllows(RuleOperation denied) {
        AccessRules rules = rules(
                allow("User:alice", RuleOperation.ALL, "a"),
                allow("Group:staff", RuleOperation.ALL, "*"),
                new Rule("User:*", Effect.DENY, denied, Resource.TOPIC, Pattern.PREFIXED, "a"));

        Set<Operation> left = EnumSet.noneOf(Operation.class);
        Arrays.stream(Operation.values())
                .filter(operation -> rules.allow(ALICE, Permission.topic(operation, "a")))
                .forEach(left::add);

        Set<Operation> gone = EnumSet.complementOf(EnumSet.copyOf(left.isEmpty() ? Set.of(Operation.READ) : left));
        if (denied == RuleOperation.ALL) {
            assertThat(left).isEmpty();
        } else if (denied == RuleOperation.READ) {
            assertThat(gone).containsExactlyInAnyOrder(Operation.READ, Operation.COMMIT, Operation.RESET);
        } else {
            assertThat(gone).containsExactly(Operation.valueOf(denied.name()));
        }
    }

    @Test
    void aRuleConcernsItsPrincipalAndItsNamesOnly() {
        AccessRules rules = rules(
                allow("User:alice", RuleOperation.READ, "exact"),
                new Rule("Group:staff", Effect.ALLOW, RuleOperation.READ, Resource.TOPIC, Pattern.PREFIXED, "team-"));

        assertThat(reads(rules, ALICE, "exact")).isTrue();
        assertThat(reads(rules, ALICE, "exact2")).isFalse();
        assertThat(reads(rules, ALICE, "team-a")).isTrue();
        assertThat(reads(rules, ALICE, "team-")).isTrue();
        assertThat(reads(rules, ALICE, "team")).isFalse();
        assertThat(reads(rules, List.of("User:bob", "User:*"), "exact")).isFalse();
        assertThat(rules.allow(ALICE, Permission.group(Operation.READ, "exact")))
                .isFalse();
    }

    @Test
    void whoMayCreateInTheClusterMayCreateAnyTopic() {
        AccessRules rules = rules(
                new Rule(
                        "User:alice",
                        Effect.ALLOW,
                        RuleOperation.CREATE,
                        Resource.CLUSTER,
                        Pattern.LITERAL,
                        Permission.CLUSTER),
                new Rule("User:alice", Effect.DENY, RuleOperation.CREATE, Resource.TOPIC, Pattern.LITERAL, "secret"));

        assertThat(rules.allow(ALICE, Permission.topic(Operation.CREATE, "any")))
                .isTrue();
        assertThat(rules.allow(ALICE, Permission.topic(Operation.CREATE, "secret")))
                .isFalse();
        assertThat(rules.allow(ALICE, Permission.topic(Operation.WRITE, "any"))).isFalse();
    }

    @Test
    void aSubscriptionsPatternNeedsARuleForAllOfItsNames() {
        AccessRules prefixed = rules(
                new Rule("User:alice", Effect.ALLOW, RuleOperation.READ, Resource.TOPIC, Pattern.PREFIXED, "team-"));

        assertThat(reads(prefixed, ALICE, "team-*")).isTrue();
        assertThat(reads(prefixed, ALICE, "team-a*b")).isTrue();
        assertThat(reads(prefixed, ALICE, "team*")).isFalse();
        assertThat(reads(prefixed, ALICE, "*")).isFalse();
        assertThat(reads(rules(allow("User:alice", RuleOperation.READ, "*")), ALICE, "*"))
                .isTrue();
        assertThat(reads(rules(allow("User:alice", RuleOperation.READ, "team-a")), ALICE, "team-*"))
                .isFalse();
    }

    @Test
    void aPatternIsDeniedIfADenialMayConcernOneOfItsNames() {
        Rule all = allow("User:alice", RuleOperation.READ, "*");

        assertThat(reads(rules(all, deny(Pattern.LITERAL, "team-secret")), ALICE, "team-*"))
                .isFalse();
        assertThat(reads(rules(all, deny(Pattern.PREFIXED, "team-s")), ALICE, "team-*"))
                .isFalse();
        assertThat(reads(rules(all, deny(Pattern.PREFIXED, "t")), ALICE, "team-*"))
                .isFalse();
        assertThat(reads(rules(all, deny(Pattern.LITERAL, "other")), ALICE, "team-*"))
                .isTrue();
        assertThat(reads(rules(all, deny(Pattern.PREFIXED, "other")), ALICE, "team-*"))
                .isTrue();
    }

    /** Against the definition, rule by rule. */
    @Test
    void randomRulesDecideAsTheDefinitionSays() {
        Random random = new Random(15);
        for (int round = 0; round < 20_000; round++) {
            List<Rule> rules = new ArrayList<>();
            for (int i = random.nextInt(8); i >= 0; i--) {
                rules.add(new Rule(
                        pick(random, "User:alice", "Group:staff", "User:*", "User:bob"),
                        pick(random, Effect.values()),
                        pick(random, RuleOperation.READ, RuleOperation.WRITE, RuleOperation.ALL),
                        Resource.TOPIC,
                        Pattern.LITERAL,
                        pick(random, "*", "a", "ab", "abc", "b")));
                if (random.nextBoolean()) {
                    Rule last = rules.removeLast();
                    rules.add(new Rule(
                            last.principal(),
                            last.permission(),
                            last.operation(),
                            last.resourceType(),
                            Pattern.PREFIXED,
                            last.resourceName().replace("*", "abcd")));
                }
            }
            Permission asked = Permission.topic(
                    pick(random, Operation.READ, Operation.WRITE), pick(random, "a", "ab", "abc", "abcd", "b", "c"));

            assertThat(AccessRules.of(rules).allow(ALICE, asked))
                    .as("%s of %s", asked, rules)
                    .isEqualTo(byDefinition(rules, asked));
        }
    }

    private static boolean byDefinition(List<Rule> rules, Permission asked) {
        List<Rule> concerned = rules.stream()
                .filter(rule -> ALICE.contains(rule.principal()))
                .filter(rule -> rule.patternType() == Pattern.PREFIXED
                        ? asked.name().startsWith(rule.resourceName())
                        : rule.resourceName().equals("*") || rule.resourceName().equals(asked.name()))
                .filter(rule -> rule.operation() == RuleOperation.ALL
                        || rule.operation().name().equals(asked.operation().name()))
                .toList();
        return concerned.stream().noneMatch(rule -> rule.permission() == Effect.DENY)
                && concerned.stream().anyMatch(rule -> rule.permission() == Effect.ALLOW);
    }

    @SafeVarargs
    private static <T> T pick(Random random, T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static boolean reads(AccessRules rules, List<String> principals, String topic) {
        return rules.allow(principals, Permission.topic(Operation.READ, topic));
    }

    private static Rule allow(String principal, RuleOperation operation, String name) {
        return new Rule(principal, Effect.ALLOW, operation, Resource.TOPIC, Pattern.LITERAL, name);
    }

    private static Rule deny(Pattern pattern, String name) {
        return new Rule("User:alice", Effect.DENY, RuleOperation.READ, Resource.TOPIC, pattern, name);
    }

    private static AccessRules rules(Rule... rules) {
        return AccessRules.of(Stream.of(rules).toList());
    }
}
