package io.millrace.admission;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Which pages may use the hub from a browser.
 *
 * @param hosts further names of this hub, besides the loopback names and the addresses it listens on: a page whose own
 *     name points at the hub (DNS rebinding) is recognised by that name
 * @param allowedOrigins the origins of other sites' pages that may do what any client may
 */
@ConfigurationProperties("millrace.http")
record HttpProperties(List<String> hosts, List<String> allowedOrigins) {

    HttpProperties(@Nullable List<String> hosts, @Nullable List<String> allowedOrigins) {
        this.hosts = hosts == null ? List.of() : List.copyOf(hosts);
        this.allowedOrigins = allowedOrigins == null ? List.of() : List.copyOf(allowedOrigins);
    }
}
