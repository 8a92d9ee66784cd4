package io.millrace.topic;

import io.millrace.background.BackgroundLoop;
import io.millrace.background.Pace;
import io.millrace.time.Ticker;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TopicProperties.class)
class TopicConfiguration {

    /** How late the cache may notice that the database is back. For this long, topics that it holds may be stale. */
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(1);

    @Bean
    BackgroundLoop topicCatalogueLoop(
            TopicCatalogue catalogue,
            TopicTransactions transactions,
            List<CatalogueListener> listeners,
            Ticker ticker) {
        BackgroundLoop loop = new BackgroundLoop("topic-catalogue", Pace.whenWoken(LONGEST_BACK_OFF), ticker, () -> {
            if (catalogue.refresh()) {
                listeners.forEach(CatalogueListener::catalogueChanged);
            }
        });
        transactions.onCommit(loop::wake);
        return loop;
    }

    @Bean
    CatalogueChanges catalogueChanges(
            TopicCatalogue catalogue,
            @Qualifier("topicCatalogueLoop") BackgroundLoop refresh,
            TopicProperties properties) {
        return new CatalogueChanges(catalogue, refresh::wake, properties.refreshInterval());
    }
}
