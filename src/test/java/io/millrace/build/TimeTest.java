package io.millrace.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Time is injected: no class reads the machine's or PostgreSQL's clock itself, because tests could not control that.
 * The exceptions listed here must be needed: a file that no longer reads the time fails too.
 */
class TimeTest {

    private static final Path JAVA = Path.of("src/main/java/io/millrace");
    private static final Path SQL = Path.of("src/main/resources");

    /** These packages deal with other processes, before and besides the hub's beans, or are outside of the hub. */
    private static final Set<String> EXEMPT =
            Set.of("bench", "client", "embeddedpostgres", "process", "time", "verify");

    /** The class that creates the hub's clocks, and the static loggers, which cannot be injected. */
    private static final Set<String> MAKERS = Set.of("MillraceApplication.java", "logging/LimitedLog.java");

    private static final Pattern READS_TIME_OR_WAITS = Pattern.compile("System(\\.|::)nanoTime|currentTimeMillis"
            + "|\\b(Instant|\\w*Date|\\w*Time|Year)(\\.|::)now\\b|new Date\\(\\)"
            + "|Clock\\.(system|tick)|Ticker\\.SYSTEM"
            + "|(Thread|SECONDS)\\.sleep|park(Nanos|Until)\\(|await(Nanos|Until)\\(|orTimeout\\(|completeOnTimeout\\("
            + "|\\.(await|get|offer|poll|tryAcquire|tryLock)\\([^;]*TimeUnit\\.");

    private static final Pattern READS_POSTGRESQLS_TIME = Pattern.compile(
            "(clock|statement|transaction)_timestamp|current_time|current_date|localtime|timeofday"
                    + "|(?<!millrace\\.)\\bnow\\(\\)",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//.*?$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern SQL_COMMENT = Pattern.compile("--.*");

    @Test
    void noClassReadsTheMachinesTimeOrWaitsByIt() throws Exception {
        Predicate<String> wrong = text -> READS_TIME_OR_WAITS
                        .matcher(COMMENT.matcher(text).replaceAll(""))
                        .find()
                || READS_POSTGRESQLS_TIME.matcher(text).find();

        Set<String> found = files(JAVA, ".java", wrong);
        found.removeIf(file -> EXEMPT.contains(file.replaceFirst("/.*", "")));

        assertThat(found).as("use time.Ticker or java.time.Clock").isEqualTo(MAKERS);
    }

    @Test
    void statementsReadTheTimeOnlyThroughTheFunction() throws Exception {
        Set<String> found = files(SQL, ".sql", text -> READS_POSTGRESQLS_TIME
                .matcher(SQL_COMMENT.matcher(text).replaceAll(""))
                .find());

        assertThat(found).as("use millrace.now()").containsExactly("db/migration/V1__log.sql");
        assertThat(READS_POSTGRESQLS_TIME
                        .matcher(SQL_COMMENT
                                .matcher(Files.readString(SQL.resolve("db/migration/V1__log.sql")))
                                .replaceAll(""))
                        .results())
                .as("the function itself")
                .hasSize(1);
    }

    @Test
    void bannedCallsAreFound() {
        assertThat(Stream.of(
                        "long now = System.nanoTime();",
                        "new Held(System::nanoTime)",
                        "Instant.now()",
                        "LocalDateTime.now()",
                        "Clock.systemUTC()",
                        "Ticker.SYSTEM",
                        "Thread.sleep(10)",
                        "TimeUnit.SECONDS.sleep(1)",
                        "LockSupport.parkNanos(this, 1)",
                        "changed.awaitNanos(1)",
                        "queue.poll(1, TimeUnit.SECONDS)"))
                .allMatch(line -> READS_TIME_OR_WAITS.matcher(line).find());
        assertThat(Stream.of(
                        "queue.poll()", "changed.await()", "ticker.nanos()", "loop.schedule(x, 1, TimeUnit.SECONDS)"))
                .noneMatch(line -> READS_TIME_OR_WAITS.matcher(line).find());
        assertThat(Stream.of("now()", "CURRENT_TIMESTAMP", "clock_timestamp()"))
                .allMatch(sql -> READS_POSTGRESQLS_TIME.matcher(sql).find());
        assertThat(READS_POSTGRESQLS_TIME.matcher("millrace.now()").find()).isFalse();
    }

    private static Set<String> files(Path root, String ending, Predicate<String> which) throws Exception {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(ending)).toList()) {
                if (which.test(Files.readString(file))) {
                    found.add(root.relativize(file).toString());
                }
            }
        }
        return found;
    }
}
