package io.millrace.build;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The groups of classes in which each depends on all others, directly or indirectly: the strongly connected components
 * of the dependencies between source files, by Tarjan's algorithm (Depth-First Search and Linear Graph Algorithms,
 * 1972).
 */
final class Cycles {

    private final Map<String, Set<String>> uses = new TreeMap<>();
    private final Map<String, Integer> order = new HashMap<>();
    private final Map<String, Integer> earliest = new HashMap<>();
    private final Deque<String> open = new ArrayDeque<>();
    private final Set<String> isOpen = new HashSet<>();
    private final List<Set<String>> found = new ArrayList<>();

    private Cycles() {}

    /** Cycles of two or more classes, by their names; nested classes count as their file. */
    static List<Set<String>> of(Iterable<JavaClass> classes) {
        Cycles cycles = new Cycles();
        for (JavaClass type : classes) {
            Set<String> others = cycles.uses.computeIfAbsent(file(type), _ -> new TreeSet<>());
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                others.add(file(dependency.getTargetClass()));
            }
        }
        cycles.uses.keySet().forEach(cycles::visit);
        return cycles.found;
    }

    private static String file(JavaClass type) {
        return type.getBaseComponentType().getName().replaceFirst("\\$.*", "");
    }

    private void visit(String type) {
        if (order.containsKey(type)) {
            return;
        }
        order.put(type, order.size());
        earliest.put(type, order.get(type));
        open.push(type);
        isOpen.add(type);
        for (String other : uses.get(type)) {
            if (!uses.containsKey(other)) {
                continue;
            }
            boolean seen = order.containsKey(other);
            visit(other);
            if (!seen) {
                earliest.merge(type, earliest.get(other), Math::min);
            } else if (isOpen.contains(other)) {
                earliest.merge(type, order.get(other), Math::min);
            }
        }
        if (earliest.get(type).equals(order.get(type))) {
            close(type);
        }
    }

    private void close(String first) {
        Set<String> cycle = new TreeSet<>();
        String type;
        do {
            type = open.pop();
            isOpen.remove(type);
            cycle.add(type);
        } while (!type.equals(first));
        if (cycle.size() > 1) {
            found.add(cycle);
        }
    }
}
