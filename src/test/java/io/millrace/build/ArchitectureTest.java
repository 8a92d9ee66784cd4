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
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** The arrows between the packages are those that their {@code package-info} allows, and a few more rules. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.millrace");

    private static final int MOST_FILES = 30;

    private static final int MOST_IN_A_KNOT = 4;

    @Test
    void packagesUseWhatTheySayAndNothingElse() {
        ApplicationModules.of(MillraceApplication.class).verify();
    }

    @Test
    void theRulesHold() {
        List<ArchRule> rules = List.of(
                noClasses()
                        .that()
                        .resideInAnyPackage(below(
                                "append",
                                "assignor",
                                "background",
                                "budget",
                                "codec",
                                "cursor",
                                "database",
                                "event",
                                "eventlog",
                                "fetch",
                                "group",
                                "json",
                                "time",
                                "topic"))
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
                        .because("these do not ask what the caller may do; the use cases do"),
                noClasses()
                        .that()
                        .resideInAPackage("io.millrace.event")
                        .should()
                        .dependOnClassesThat()
                        .resideOutsideOfPackages(
                                "java..", "io.millrace.event", "org.jspecify..", "org.springframework.modulith")
                        .because("the words need the JDK alone"),
                classes()
                        .that()
                        .areAnnotatedWith(Entity.class)
                        .should()
                        .bePackagePrivate()
                        .because("entities never leave their package; records do"),
                noClasses()
                        .should()
                        .accessClassesThat()
                        .haveFullyQualifiedName("java.util.logging.Logger")
                        .because("there is one way to log"),
                slices().matching("io.millrace.bench.(*)..")
                        .should()
                        .beFreeOfCycles()
                        .because("bench has packages of its own, and arrows go down there too"),
                noClasses()
                        .that()
                        .resideInAPackage("io.millrace.client.message")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.millrace.client")
                        .because("messages do no I/O and know nothing of who sends them"),
                slices().matching("io.millrace.stream.(*)..")
                        .should()
                        .notDependOnEachOther()
                        .because("a WebSocket and an event stream have in common what is in the package above them"),
                noClasses()
                        .that()
                        .resideInAPackage("io.millrace.stream")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.millrace.stream.*..")
                        .because("what both have in common knows neither"),
                noClasses()
                        .that()
                        .resideInAPackage("io.millrace.bench.*..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.millrace.bench")
                        .because("the command line's entry is on top of them"));
        rules.forEach(rule -> rule.check(CLASSES));
    }

    /** From the ground up; {@link #OUTSIDE} stands apart. */
    private static final List<Set<String>> STOREYS = List.of(
            Set.of("time"),
            Set.of("budget", "embeddedpostgres", "event", "json", "process"),
            Set.of("assignor", "background", "database", "logging", "security"),
            Set.of("cluster", "cursor", "edge"),
            Set.of("eventlog"),
            Set.of("codec", "connection", "topic"),
            Set.of("append", "fetch", "group", "http"),
            Set.of("admission", "apidocs", "consume", "produce"),
            Set.of("rest", "stream"));

    /** What is no part of a hub, from the ground up: each may use those in front of it, and the words of the API. */
    private static final List<String> OUTSIDE = List.of("client", "bench");

    private static final Set<String> WORDS = Set.of("codec", "event", "json");

    @Test
    void arrowsGoDownAndNeverSideways() {
        Map<String, Integer> storey = new HashMap<>();
        for (int i = 0; i < STOREYS.size(); i++) {
            int height = i;
            STOREYS.get(i).forEach(name -> storey.put(name, height));
        }
        Set<String> wrong = new TreeSet<>();
        for (JavaClass from : CLASSES) {
            String own = room(from);
            if (own.isEmpty() || OUTSIDE.contains(own)) {
                continue;
            }
            assertThat(storey).as("%s has a storey", own).containsKey(own);
            for (JavaClass to : uses(from)) {
                String other = room(to);
                if (!other.isEmpty() && !other.equals(own) && storey.getOrDefault(other, 99) >= storey.get(own)) {
                    wrong.add(from.getName() + " -> " + to.getName());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void whatStandsOutsideUsesTheWordsAndNothingElseOfTheHub() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass from : CLASSES) {
            int place = OUTSIDE.indexOf(room(from));
            for (JavaClass to : place < 0 ? Set.<JavaClass>of() : uses(from)) {
                String other = room(to);
                boolean below = OUTSIDE.subList(0, place + 1).contains(other);
                if (!other.isEmpty() && !below && !WORDS.contains(other)) {
                    wrong.add(from.getName() + " -> " + to.getName());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void noPackageHasOutgrownItsIdea() {
        Map<String, Long> sizes = CLASSES.stream()
                .filter(type ->
                        !type.getName().contains("$") && !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));

        assertThat(sizes.entrySet())
                .allSatisfy(
                        size -> assertThat(size.getValue()).as(size.getKey()).isLessThanOrEqualTo(MOST_FILES));
    }

    @Test
    void noMoreThanFourClassesNeedEachOther() {
        assertThat(Knots.of(CLASSES)).allSatisfy(knot -> assertThat(knot).hasSizeLessThanOrEqualTo(MOST_IN_A_KNOT));
    }

    private static Set<JavaClass> uses(JavaClass from) {
        return from.getDirectDependenciesFromSelf().stream()
                .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                .collect(Collectors.toSet());
    }

    /** The first package below the root; empty for the root and for what is not ours. */
    private static String room(JavaClass type) {
        String prefix = "io.millrace.";
        String name = type.getPackageName();
        return name.startsWith(prefix) ? name.substring(prefix.length()).replaceFirst("\\..*", "") : "";
    }

    private static String[] below(String... names) {
        return List.of(names).stream().map(name -> "io.millrace." + name + "..").toArray(String[]::new);
    }
}
