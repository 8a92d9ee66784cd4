package io.millrace.build;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.millrace.MillraceApplication;
import io.millrace.append.Appender;
import io.millrace.fetch.PartitionReader;
import io.millrace.fetch.Subscriptions;
import io.millrace.group.Groups;
import io.millrace.topic.TopicCatalogue;
import io.millrace.topic.Topics;
import jakarta.persistence.Entity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.modulith.core.ApplicationModules;

/** The dependencies between packages are those that their {@code package-info} allows; and a few more rules. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.millrace");

    private static final int MOST_FILES = 30;

    private static final int MOST_IN_A_CYCLE = 4;

    @Test
    void packagesUseOnlyWhatTheyDeclare() {
        ApplicationModules.of(MillraceApplication.class).verify();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theRuleHolds(ArchRule rule) {
        rule.check(CLASSES);
    }

    private static Stream<ArchRule> rules() {
        return Stream.of(
                noClasses()
                        .that()
                        .resideInAnyPackage(below(PLAIN_JAVA))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("reactor..", "io.netty..", "org.springframework.web..")
                        .because("Reactor stops at the protocol edge: below it is plain Java on virtual threads"),
                noClasses()
                        .that()
                        .resideInAnyPackage(below("rest", "stream"))
                        .should()
                        .dependOnClassesThat()
                        .belongToAnyOf(
                                Appender.class,
                                Groups.class,
                                PartitionReader.class,
                                Subscriptions.class,
                                TopicCatalogue.class,
                                Topics.class)
                        .because("these do not check the caller's permissions; the use cases do"),
                noClasses()
                        .that()
                        .resideInAPackage("io.millrace.event")
                        .should()
                        .dependOnClassesThat()
                        .resideOutsideOfPackages(
                                "java..", "io.millrace.event", "org.jspecify..", "org.springframework.modulith")
                        .because("the domain's types need only the JDK"),
                classes()
                        .that()
                        .areAnnotatedWith(Entity.class)
                        .should()
                        .bePackagePrivate()
                        .because("entities do not leave their package; records do"),
                noClasses()
                        .should()
                        .accessClassesThat()
                        .haveFullyQualifiedName("java.util.logging.Logger")
                        .because("there is one way to log"),
                slices().matching("io.millrace.bench.(*)..")
                        .should()
                        .beFreeOfCycles()
                        .because("bench has packages of its own, with dependencies that only go down"),
                slices().matching("io.millrace.verify.(*)..")
                        .should()
                        .beFreeOfCycles()
                        .because("verify has packages of its own, with dependencies that only go down"),
                classes()
                        .that()
                        .resideInAPackage("io.millrace.verify.check")
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                "java.lang..",
                                "java.time..",
                                "java.util..",
                                "org.jspecify..",
                                "io.millrace.verify.check",
                                "io.millrace.verify.history")
                        .because("checkers are pure functions of a history"),
                noClasses()
                        .that()
                        .resideInAPackage("io.millrace.client.message")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.millrace.client")
                        .because("messages do no I/O and are independent of the client that sends them"),
                slices().matching("io.millrace.stream.(*)..")
                        .should()
                        .notDependOnEachOther()
                        .because("what WebSockets and event streams share is in the package above them"),
                noClasses()
                        .that()
                        .resideInAPackage("io.millrace.stream")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.millrace.stream.*..")
                        .because("what both share depends on neither"),
                noClasses()
                        .that()
                        .resideInAPackage("io.millrace.bench.*..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.millrace.bench")
                        .because("the entry of the command line is on top of them"));
    }

    /** The layers of packages, from the bottom up; {@link #OUTSIDE} is separate. */
    private static final List<Set<String>> LAYERS = List.of(
            Set.of("time"),
            Set.of("budget", "embeddedpostgres", "event", "json", "process"),
            Set.of("assignor", "background", "database", "logging", "security"),
            Set.of("cursor", "edge", "replication"),
            Set.of("cluster"),
            Set.of("eventlog", "segment"),
            Set.of("access", "codec", "connection", "rewrite", "topic"),
            Set.of("compaction", "erasure"),
            Set.of("append", "fetch", "group", "http", "retention"),
            Set.of("admission", "apidocs", "audit", "consume", "produce"),
            Set.of("rest", "stream"));

    /** The packages outside of the hub, from the bottom up: each may use the previous ones, and the shared packages. */
    private static final List<String> OUTSIDE =
            List.of("client", "command", "bench", "verify", "backup", "administration");

    private static final Set<String> SHARED = Set.of("codec", "event", "json");

    /** Some work on a hub's files or its database, not on its answers. */
    private static final Map<String, Set<String>> SHARED_WITH = Map.of(
            "backup", Set.of("embeddedpostgres"),
            "administration", Set.of("access", "database", "embeddedpostgres", "security"));

    /** These may use HTTP and Reactor; all other layers are plain Java. */
    private static final Set<String> PROTOCOLS =
            Set.of("admission", "apidocs", "connection", "edge", "http", "rest", "stream");

    private static final String[] PLAIN_JAVA = LAYERS.stream()
            .flatMap(Set::stream)
            .filter(name -> !PROTOCOLS.contains(name))
            .toArray(String[]::new);

    @Test
    void dependenciesGoDownAndNeverSideways() {
        Map<String, Integer> layers = new HashMap<>();
        for (int i = 0; i < LAYERS.size(); i++) {
            int layer = i;
            LAYERS.get(i).forEach(name -> layers.put(name, layer));
        }
        Set<String> wrong = new TreeSet<>();
        for (JavaClass from : CLASSES) {
            String own = topPackage(from);
            if (own.isEmpty() || OUTSIDE.contains(own)) {
                continue;
            }
            assertThat(layers).as("%s has a layer", own).containsKey(own);
            for (JavaClass to : uses(from)) {
                String other = topPackage(to);
                if (!other.isEmpty() && !other.equals(own) && layers.getOrDefault(other, 99) >= layers.get(own)) {
                    wrong.add(from.getName() + " -> " + to.getName());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void packagesOutsideUseOnlyTheSharedPackagesOfTheHub() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass from : CLASSES) {
            int place = OUTSIDE.indexOf(topPackage(from));
            for (JavaClass to : place < 0 ? Set.<JavaClass>of() : uses(from)) {
                String other = topPackage(to);
                boolean below = OUTSIDE.subList(0, place + 1).contains(other);
                boolean shared = SHARED.contains(other)
                        || SHARED_WITH.getOrDefault(topPackage(from), Set.of()).contains(other);
                if (!other.isEmpty() && !below && !shared) {
                    wrong.add(from.getName() + " -> " + to.getName());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void noPackageHasTooManyFiles() {
        Map<String, Long> sizes = CLASSES.stream()
                .filter(type ->
                        !type.getName().contains("$") && !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));

        assertThat(sizes.entrySet())
                .allSatisfy(
                        size -> assertThat(size.getValue()).as(size.getKey()).isLessThanOrEqualTo(MOST_FILES));
    }

    @Test
    void atMostFourClassesDependOnEachOther() {
        assertThat(Cycles.of(CLASSES)).allSatisfy(cycle -> assertThat(cycle).hasSizeLessThanOrEqualTo(MOST_IN_A_CYCLE));
    }

    private static Set<JavaClass> uses(JavaClass from) {
        return from.getDirectDependenciesFromSelf().stream()
                .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                .collect(Collectors.toSet());
    }

    /** The first package below the root; empty for the root and for other projects' classes. */
    private static String topPackage(JavaClass type) {
        String prefix = "io.millrace.";
        String name = type.getPackageName();
        return name.startsWith(prefix) ? name.substring(prefix.length()).replaceFirst("\\..*", "") : "";
    }

    private static String[] below(String... names) {
        return List.of(names).stream().map(name -> "io.millrace." + name + "..").toArray(String[]::new);
    }
}
