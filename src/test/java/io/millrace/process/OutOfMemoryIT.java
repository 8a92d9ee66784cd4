package io.millrace.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.background.BackgroundLoop;
import io.millrace.background.Pace;
import io.millrace.logging.LimitedLog;
import io.millrace.testing.Beside;
import io.millrace.time.Ticker;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Wherever memory runs out, the process ends and says why. Each case is a process of its own. */
@Beside
class OutOfMemoryIT {

    enum Place {
        LOOP {
            @Override
            void run(Runnable work) {
                AtomicBoolean failed = new AtomicBoolean();
                BackgroundLoop loop =
                        new BackgroundLoop("hungry", Pace.every(Duration.ofSeconds(1)), Ticker.SYSTEM, () -> {
                            if (failed.compareAndSet(false, true)) {
                                throw new IllegalStateException("the one failure of a streak that is logged");
                            }
                            work.run();
                        });
                loop.start();
            }
        },
        THREAD {
            @Override
            void run(Runnable work) {
                Thread.ofPlatform().start(work);
            }
        },
        VIRTUAL_THREAD {
            @Override
            void run(Runnable work) {
                Thread.ofVirtual().start(work);
            }
        },
        EVENT_LOOP {
            @Override
            void run(Runnable work) {
                new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()).execute(work);
            }
        },
        REACTOR {
            @Override
            void run(Runnable work) {
                Mono.fromRunnable(work).subscribeOn(Schedulers.boundedElastic()).subscribe();
            }
        },
        CAUGHT_AND_LOGGED {
            @Override
            void run(Runnable work) {
                CompletableFuture.runAsync(work).whenComplete((_, failure) -> LoggerFactory.getLogger("caught")
                        .debug("a {} failed", "task", failure));
            }
        },
        LEFT_OUT_OF_THE_LOG {
            @Override
            void run(Runnable work) {
                LimitedLog log = LimitedLog.of(OutOfMemoryIT.class);
                for (int i = 0; i < 20; i++) {
                    log.failure(new IllegalStateException(), "another failure");
                }
                CompletableFuture.runAsync(work).whenComplete((_, failure) -> log.failure(failure, "the last"));
            }
        },
        LEFT_OUT_OF_A_LINE {
            @Override
            void run(Runnable work) {
                LimitedLog log = LimitedLog.of(OutOfMemoryIT.class);
                for (int i = 0; i < 20; i++) {
                    log.line(Level.WARN, "another line");
                }
                CompletableFuture.runAsync(work)
                        .whenComplete((_, failure) -> log.line(Level.WARN, "it failed: {}", failure));
            }
        };

        abstract void run(Runnable work);
    }

    @ParameterizedTest
    @EnumSource
    void theProcessEndsAndSaysWhy(Place place, @TempDir Path directory) throws Exception {
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Hungry.class.getName(),
                        place.name())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        String output = Files.readString(log);

        assertThat(ended).as(output).isTrue();
        assertThat(process.exitValue()).as(output).isEqualTo(OutOfMemory.EXIT_CODE);
        assertThat(output).contains("The hub is out of memory (Java heap space) and ends");
    }

    /** A process that is supervised like the hub, and runs out of memory at one place. */
    @Configuration(proxyBeanMethods = false)
    static class Hungry {

        static void main(String[] arguments) throws Exception {
            Supervised.run(Hungry.class, java.util.List.of(), "--spring.main.web-application-type=none");
            Place.valueOf(arguments[0]).run(Hungry::eat);
            Thread.sleep(Duration.ofSeconds(30));
        }

        /** The last log line of a start needs it. */
        @Bean
        JdbcConnectionDetails database() {
            return new NoDatabase();
        }

        /** Allocates all free memory, which becomes garbage when that fails, as with a failed request. */
        private static void eat() {
            Object[] eaten = null;
            while (true) {
                eaten = new Object[] {eaten, new byte[1 << 20]};
            }
        }
    }

    private static final class NoDatabase implements JdbcConnectionDetails {

        @Override
        public String getUsername() {
            return "nobody";
        }

        @Override
        public String getPassword() {
            return "";
        }

        @Override
        public String getJdbcUrl() {
            return "jdbc:postgresql://nowhere/nothing";
        }
    }
}
