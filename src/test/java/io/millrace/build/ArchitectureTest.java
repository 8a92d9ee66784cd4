package io.millrace.build;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.millrace.MillraceApplication;
import jakarta.persistence.Entity;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** The arrows between the packages are those that their {@code package-info} allows, and a few more rules. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.millrace");

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
                                "topic"))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("reactor..", "io.netty..", "org.springframework.web..")
                        .because("Reactor stops at the protocol edge: below it is plain Java on virtual threads"),
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

    private static String[] below(String... names) {
        return List.of(names).stream().map(name -> "io.millrace." + name + "..").toArray(String[]::new);
    }
}
