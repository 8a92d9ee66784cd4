package io.millrace.faults;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Lets one kind of hostile client after another at a hub that runs, such as the jar at {@code -Xmx512m}, and says what
 * the others noticed and how large the process was at most. Arguments: the hub's port and process, seconds for each
 * kind, the factor by which there are more of each than are known to have done harm, and words that the names of the
 * kinds are to contain, none for all.
 *
 * <p>The hostile clients live in a process of their own, with the lowest priority: what the others notice is then the
 * hub's doing, and not that of the threads beside them. The hub should have a core of its own ({@code taskset}).
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
        print("nobody", others.live(until(seconds)), process);
        for (Hostile hostile : HostileSenders.of("bystanders")) {
            if (isMeant(hostile, arguments)) {
                Process attack = start(hostile, port, seconds, factor);
                print(hostile.clients() * factor + " × " + hostile.name(), others.live(until(seconds)), process);
                attack.waitFor();
            }
        }
        print("nobody, afterwards", others.live(until(seconds)), process);
    }

    private static boolean isMeant(Hostile hostile, String[] arguments) {
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

    /** What others notice while hostile clients do their worst. */
    static Bystanders.Notice beside(Hostile hostile, Bystanders others, int port, int seconds) throws Exception {
        BooleanSupplier goesOn = until(seconds);
        Thread attack = Thread.ofPlatform().start(() -> {
            try {
                hostile.attack(port, goesOn);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        Bystanders.Notice notice = others.live(goesOn);
        attack.join(60_000);
        return notice;
    }

    /** Bytes that the process has had in memory at most. */
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

    private static void print(String who, Bystanders.Notice notice, long process) throws IOException {
        System.out.printf(
                "%-50s %6d records, p50 %7.2f ms, p99 %7.2f ms, %d troubles, VmHWM %d MB%n",
                who,
                notice.records(),
                notice.p50Millis(),
                notice.p99Millis(),
                notice.troubles().size(),
                peak(process) >> 20);
        notice.troubles().stream().distinct().limit(3).forEach(trouble -> System.out.println("    " + trouble));
    }
}
