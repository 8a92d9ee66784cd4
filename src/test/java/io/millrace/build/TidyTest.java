package io.millrace.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the compiler and the formatter let pass and a reader would stumble over. Each message says what to do. */
class TidyTest {

    private static final Path MAIN = Path.of("src/main/java");
    private static final Path TEST = Path.of("src/test/java");

    private static final int LONGEST_FILE = 400;

    /** Tests come with their tables of examples. */
    private static final int LONGEST_TEST = 450;

    private static final int LONGEST_METHOD = 60;
    private static final int MOST_PARAMETERS = 7;

    /** Of a constructor, which is given what the class works with. */
    private static final int MOST_COLLABORATORS = 9;

    private static final Pattern ASSERTS =
            Pattern.compile("(assert|await|check|expect|isProblem|has[A-Z]|refus|verify).*");
    private static final Set<String> TESTS = Set.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory");
    private static final Set<String> AFTER = Set.of("AfterEach");

    private static final Sources SOURCES = Sources.parse(MAIN, TEST);
    private static final List<CompilationUnitTree> UNITS = SOURCES.units();

    @Test
    void everyFileCanBeReadInOneSitting() {
        assertThat(UNITS.stream().filter(unit -> lines(unit) > (ofTests(unit) ? LONGEST_TEST : LONGEST_FILE)))
                .extracting(unit -> lines(unit) + " " + name(unit))
                .as("split what has more than %d lines, tests more than %d", LONGEST_FILE, LONGEST_TEST)
                .isEmpty();
    }

    /** A single statement may be longer: it is a table or a chain. Annotations, with their examples, do not count. */
    @Test
    void everyMethodFitsOnAScreenOrTwo() {
        List<String> wrong = new ArrayList<>();
        for (CompilationUnitTree unit : UNITS) {
            for (MethodTree method : methods(unit)) {
                BlockTree body = method.getBody();
                if (body != null && body.getStatements().size() > 1) {
                    long length = line(unit, body, true) - line(unit, body, false) + 1;
                    if (length > LONGEST_METHOD) {
                        wrong.add(length + " " + place(unit, method));
                    }
                }
            }
        }
        assertThat(wrong)
                .as("split what has more than %d lines", LONGEST_METHOD)
                .isEmpty();
    }

    @Test
    void parametersCanBeCounted() {
        List<String> wrong = new ArrayList<>();
        for (CompilationUnitTree unit : UNITS) {
            for (MethodTree method : ofTests(unit) ? List.<MethodTree>of() : methods(unit)) {
                int count = method.getParameters().size();
                if (count > (method.getReturnType() == null ? MOST_COLLABORATORS : MOST_PARAMETERS)) {
                    wrong.add(count + " " + place(unit, method));
                }
            }
        }
        assertThat(wrong).as("make a record of what belongs together").isEmpty();
    }

    @Test
    void everyTestCanFail() {
        List<String> wrong = new ArrayList<>();
        for (CompilationUnitTree unit : UNITS) {
            Map<String, Set<String>> calls = calls(unit);
            boolean afterEach = methods(unit).stream()
                    .anyMatch(method -> isAnnotated(method, AFTER) && asserts(name(method), calls, new HashSet<>()));
            for (MethodTree method : methods(unit)) {
                if (isAnnotated(method, TESTS) && !afterEach && !asserts(name(method), calls, new HashSet<>())) {
                    wrong.add(place(unit, method));
                }
            }
        }
        assertThat(wrong).as("assert what the name claims").isEmpty();
    }

    private static boolean asserts(String method, Map<String, Set<String>> calls, Set<String> seen) {
        return seen.add(method)
                && calls.getOrDefault(method, Set.of()).stream()
                        .anyMatch(called -> ASSERTS.matcher(called).matches() || asserts(called, calls, seen));
    }

    private static Map<String, Set<String>> calls(CompilationUnitTree unit) {
        Map<String, Set<String>> calls = new HashMap<>();
        for (MethodTree method : methods(unit)) {
            new TreeScanner<Void, Set<String>>() {
                @Override
                public Void visitMethodInvocation(MethodInvocationTree call, Set<String> names) {
                    switch (call.getMethodSelect()) {
                        case IdentifierTree name -> names.add(name.getName().toString());
                        case MemberSelectTree member ->
                            names.add(member.getIdentifier().toString());
                        default -> {}
                    }
                    return super.visitMethodInvocation(call, names);
                }
            }.scan(method, calls.computeIfAbsent(name(method), _ -> new HashSet<>()));
        }
        return calls;
    }

    private static boolean isAnnotated(MethodTree method, Set<String> annotations) {
        return method.getModifiers().getAnnotations().stream()
                .map(AnnotationTree::getAnnotationType)
                .anyMatch(type -> annotations.contains(type.toString()));
    }

    private static List<MethodTree> methods(CompilationUnitTree unit) {
        List<MethodTree> methods = new ArrayList<>();
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitMethod(MethodTree method, Void nothing) {
                methods.add(method);
                return super.visitMethod(method, nothing);
            }
        }.scan(unit, null);
        return methods;
    }

    private static boolean ofTests(CompilationUnitTree unit) {
        return Path.of(name(unit)).startsWith(TEST);
    }

    private static String name(MethodTree method) {
        return method.getName().toString();
    }

    private static String name(CompilationUnitTree unit) {
        return unit.getSourceFile().getName();
    }

    private static String place(CompilationUnitTree unit, MethodTree method) {
        return name(unit) + ":" + line(unit, method, false) + " " + name(method);
    }

    private static long lines(CompilationUnitTree unit) {
        return line(unit, unit, true);
    }

    private static long line(CompilationUnitTree unit, Tree tree, boolean end) {
        SourcePositions positions = SOURCES.positions();
        return unit.getLineMap()
                .getLineNumber(end ? positions.getEndPosition(unit, tree) : positions.getStartPosition(unit, tree));
    }
}
