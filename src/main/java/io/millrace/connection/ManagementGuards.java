package io.millrace.connection;

import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * Guards for the port of the actuator, whose server has an application context of its own. Its connections have a limit
 * of their own: probes and metrics are needed most when the API has too many. Spring Boot finds this class in
 * {@code META-INF/spring}, and it is no component: else it would guard the API's port, too.
 */
class ManagementGuards {

    private static final int MOST = 200;

    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> managementGuardsCustomizer(
            ConnectionGuards guards, ConnectionMetrics metrics, ApplicationContext context) {
        ConnectionLimit limit = new ConnectionLimit(MOST, MOST / 2, new AtomicInteger(), metrics);
        return factory -> {
            // Without a parent this is the API's own server: the actuator has no port of its own.
            if (context.getParent() != null) {
                guards.customize(factory, limit);
            }
        };
    }
}
