package io.millrace.topic;

import io.millrace.background.BackgroundLoop;
import io.millrace.background.Pace;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TopicProperties.class)
class TopicConfiguration {

    /** How late the catalogue may notice that the database is back: what it remembers may be that much older. */
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(1);

    @Bean
    BackgroundLoop topicCatalogueLoop(TopicCatalogue catalogue, TopicProperties properties) {
        Pace pace = new Pace(properties.refreshInterval(), LONGEST_BACK_OFF);
        return new BackgroundLoop("topic-catalogue", pace, catalogue::refresh);
    }
}
