package io.millrace;

import io.millrace.embeddedpostgres.EmbeddedPostgres;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.event.SpringApplicationEvent;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/**
 * The first and the last log line of a start, for first-time users: which version this is, where to reach it, where its
 * data is and how to stop it.
 */
final class StartMessages implements ApplicationListener<SpringApplicationEvent> {

    private static final Logger log = LoggerFactory.getLogger(StartMessages.class);

    @Override
    public void onApplicationEvent(SpringApplicationEvent event) {
        switch (event) {
            case ApplicationContextInitializedEvent _ ->
                log.info(
                        "Millrace {} is starting on Java {}, process {}",
                        MillraceVersion.get(),
                        Runtime.version().feature(),
                        ProcessHandle.current().pid());
            case ApplicationReadyEvent ready -> log.info(ready(ready.getApplicationContext(), ready.getTimeTaken()));
            default -> {}
        }
    }

    private static String ready(ApplicationContext hub, @Nullable Duration taken) {
        String url = url(hub.getEnvironment());
        return ("Millrace is ready at %s%s. Try it in a browser at %s/swagger-ui.html. Health and metrics are at"
                        + " %s/actuator. %s. Stop it with Ctrl+C or kill %d")
                .formatted(
                        url,
                        taken == null ? "" : String.format(Locale.ROOT, " after %.1f s", taken.toMillis() / 1000.0),
                        url,
                        managementUrl(hub.getEnvironment()),
                        data(hub),
                        ProcessHandle.current().pid());
    }

    /** The URL for a client on this machine. */
    private static String url(Environment environment) {
        return ServerEndpoint.of(environment).url(environment.getProperty("local.server.port", ""));
    }

    private static String managementUrl(Environment environment) {
        String port = environment.getProperty("local.management.port");
        return port == null
                ? url(environment)
                : ServerEndpoint.ofManagement(environment).url(port);
    }

    private static String data(ApplicationContext hub) {
        EmbeddedPostgres embedded = hub.getBeanProvider(EmbeddedPostgres.class).getIfAvailable();
        if (embedded != null) {
            return "Its data is in " + embedded.dataDirectory().getParent();
        }
        String database = hub.getBean(JdbcConnectionDetails.class).getJdbcUrl();
        return "Its data is in " + database.replaceFirst("^jdbc:", "").replaceFirst("\\?.*", "");
    }
}
