package io.millrace.process;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationListener;

/** Runs an application as the sole purpose of this process. */
public final class Supervised {

    private static final Logger log = LoggerFactory.getLogger(Supervised.class);

    private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";
    private static final int LEAST_CARRIERS = 8;

    private Supervised() {}

    /**
     * Starts the application. {@link StartWatch} watches its start, {@link OutOfMemory} its whole life.
     *
     * @param longWaits what its start may wait for without making progress
     */
    public static void run(Class<?> application, List<LongWait> longWaits, String... settings) {
        carriers();
        Thread.setDefaultUncaughtExceptionHandler(Supervised::ended);
        StartWatch watch = StartWatch.begin(longWaits);
        try {
            SpringApplication spring = new SpringApplication(application);
            spring.addListeners((ApplicationListener<ApplicationContextInitializedEvent>) event -> {
                // The log has been set up by now, and the settings have been read.
                LoggedFailures.watch();
                watch.timeout(Binder.get(event.getApplicationContext().getEnvironment())
                        .bindOrCreate("millrace.start", StartProperties.class)
                        .timeout());
            });
            spring.run(settings);
        } finally {
            watch.over();
        }
    }

    /**
     * Java creates one carrier of virtual threads per core. In a container with one core, code that keeps its carrier
     * while it waits, such as class loading and class initialisation, keeps all other virtual threads from running. To
     * be called before the first virtual thread starts.
     */
    private static void carriers() {
        if (System.getProperty(CARRIERS) == null) {
            System.setProperty(
                    CARRIERS,
                    Integer.toString(
                            Math.max(LEAST_CARRIERS, Runtime.getRuntime().availableProcessors())));
        }
    }

    private static void ended(Thread thread, Throwable failure) {
        OutOfMemory.endIfCausedBy(failure);
        log.error("Thread {} has ended with a failure", thread.getName(), failure);
    }
}
