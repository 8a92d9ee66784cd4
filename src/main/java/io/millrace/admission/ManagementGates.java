package io.millrace.admission;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * Gates for the port of the actuator, whose server has an application context of its own: without them, a page whose
 * name points at the hub could read metrics there. Spring Boot finds this class in {@code META-INF/spring}, and it is
 * no component: else the API's port would have two gates.
 */
class ManagementGates {

    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> managementGatesCustomizer(
            HttpGates gates, ServerProperties server, ApplicationContext context) {
        return factory -> {
            // Without a parent this is the API's own server: the actuator has no port of its own.
            if (context.getParent() != null) {
                gates.customizeManagement(factory);
                // Metrics are long.
                factory.setCompression(server.getCompression());
            }
        };
    }
}
