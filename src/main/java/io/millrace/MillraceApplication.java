package io.millrace;

import java.time.Clock;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import reactor.netty.ReactorNetty;

/**
 * The hub as a process. Everything it does is in the packages below this one; what they may use of each other is said
 * in their {@code package-info} and in {@code ARCHITECTURE.md}.
 */
@SpringBootApplication
public class MillraceApplication {

    /**
     * Without arguments, or with settings such as {@code --server.port=0}, this is the hub, and no command line is
     * parsed but Spring Boot's.
     */
    public static void main(String[] args) {
        eventLoops();
        if (args.length == 0 || isSetting(args[0])) {
            SpringApplication.run(MillraceApplication.class, args);
        } else if (args[0].equals("serve") && (args.length == 1 || isSetting(args[1]))) {
            SpringApplication.run(MillraceApplication.class, Arrays.copyOfRange(args, 1, args.length));
        } else {
            System.exit(MillraceCommand.execute(args));
        }
    }

    /**
     * Reactor Netty makes at least four, which on fewer cores only means that each of them has less to do at a time.
     */
    private static void eventLoops() {
        if (System.getProperty(ReactorNetty.IO_WORKER_COUNT) == null) {
            System.setProperty(
                    ReactorNetty.IO_WORKER_COUNT,
                    Integer.toString(Runtime.getRuntime().availableProcessors()));
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
    RandomGenerator randomGenerator() {
        return RandomGenerator.getDefault();
    }
}
