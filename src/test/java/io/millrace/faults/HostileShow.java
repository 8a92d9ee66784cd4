package io.millrace.faults;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Runs one kind of hostile client after another against a running hub, such as the jar with {@code -Xmx512m}, and
 * prints how other clients were affected and the peak memory of the hub. Arguments: the hub's port and process id,
 * seconds per kind, the factor by which to exceed the numbers known to have done harm, and optional words that select
 * kinds by name.
 *
 * <p>The hostile clients run in a process of their own, with the lowest priority: the other clients are then affected
 * by the hub only, not by the hostile clients' threads. The hub should have a core of its own ({@code taskset}).
 */
final class HostileShow {

    private HostileShow() {}

    static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        long process = Long.parseLong(arguments[1]);
        int seconds = Integer.parseInt(arguments[2]);
        int factor = Integer.parseInt(arguments[3]);
        Bystanders others = new Bystanders(port, "bystanders");
        others.createTopic();
        print("none", others.run(until(seconds)), process);
        for (Hostile hostile : HostileSenders.of("bystanders")) {
            if (isSelected(hostile, arguments)) {
                Process attack = start(hostile, port, seconds, factor);
                print(hostile.clients() * factor + " × " + hostile.name(), others.run(until(seconds)), process);
                attack.waitFor();
            }
        }
        print("none, afterwards", others.run(until(seconds)), process);
    }

    private static boolean isSelected(Hostile hostile, String[] arguments) {
        List<String> words = List.of(arguments).subList(4, arguments.length);
        return words.isEmpty() || words.stream().anyMatch(hostile.name()::contains);
    }

    private static Process start(Hostile hostile, int port, int seconds, int factor) throws IOException {
        return new ProcessBuilder(
                        "nice",
                        "-n",
                        "19",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        ManagementFactory.getRuntimeMXBean().getClassPath(),
                        Attack.class.getName(),
                        hostile.name(),
                        Integer.toString(port),
                        Integer.toString(seconds),
                        Integer.toString(factor))
                .inheritIO()
                .start();
    }

    /** The process of the hostile clients. */
    static final class Attack {

        private Attack() {}

        static void main(String[] arguments) throws Exception {
            Hostile hostile = HostileSenders.of("bystanders").stream()
                    .filter(kind -> kind.name().equals(arguments[0]))
                    .findFirst()
                    .orElseThrow();
            hostile.times(Integer.parseInt(arguments[3]))
                    .attack(Integer.parseInt(arguments[1]), until(Integer.parseInt(arguments[2])));
        }
    }

    /** How other clients are affected while hostile clients run. */
    static Bystanders.Notice during(Hostile hostile, Bystanders others, int port, int seconds) throws Exception {
        BooleanSupplier running = until(seconds);
        Thread attack = Thread.ofPlatform().start(() -> {
            try {
                hostile.attack(port, running);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        Bystanders.Notice notice = others.run(running);
        attack.join(60_000);
        return notice;
    }

    /** The process's peak resident memory, in bytes. */
    static long peak(long process) throws IOException {
        List<String> status = Files.readAllLines(Path.of("/proc/" + process + "/status"));
        return status.stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }

    private static BooleanSupplier until(int seconds) {
        long deadline = System.nanoTime() + seconds * 1_000_000_000L;
        return () -> System.nanoTime() < deadline;
    }

    private static void print(String attackers, Bystanders.Notice notice, long process) throws IOException {
        System.out.printf(
                "%-50s %6d records, p50 %7.2f ms, p99 %7.2f ms, %d troubles, VmHWM %d MB%n",
                attackers,
                notice.records(),
                notice.p50Millis(),
                notice.p99Millis(),
                notice.troubles().size(),
                peak(process) >> 20);
        notice.troubles().stream().distinct().limit(3).forEach(trouble -> System.out.println("    " + trouble));
    }
}
