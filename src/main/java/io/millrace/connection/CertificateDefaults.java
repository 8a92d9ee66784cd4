package io.millrace.connection;

import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Has the hub's certificate checked against its key, unless the operator says otherwise: while only one of the two
 * files has been replaced, the pair before them stays in use. This is not in {@code application.yaml}, as Spring Boot
 * does not accept it for a bundle without a certificate.
 */
final class CertificateDefaults implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final String STORE = "spring.ssl.bundle.pem.hub.keystore.";

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        ConfigurableEnvironment environment = context.getEnvironment();
        if (environment.containsProperty(STORE + "certificate")) {
            environment
                    .getPropertySources()
                    .addLast(new MapPropertySource("certificateDefaults", Map.of(STORE + "verify-keys", "true")));
        }
    }
}
