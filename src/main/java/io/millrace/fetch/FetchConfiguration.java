package io.millrace.fetch;

import io.millrace.background.BackgroundLoop;
import io.millrace.background.Pace;
import io.millrace.eventlog.Partitions;
import io.millrace.time.Ticker;
import io.millrace.topic.CatalogueListener;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FetchProperties.class)
class FetchConfiguration {

    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(10);

    @Bean
    BackgroundLoop tailCacheSweeper(TailCache cache, Partitions partitions, Ticker ticker) {
        return new BackgroundLoop("tail-cache-sweeper", Pace.every(SWEEP_INTERVAL), ticker, () -> {
            cache.sweep();
            partitions.tell(cache);
        });
    }

    /** A topic may ask for more copies from now on, also where nobody waits for new records. */
    @Bean
    CatalogueListener tailsTakeInTopics(@Qualifier("tailCacheSweeper") BackgroundLoop sweeper) {
        return sweeper::wake;
    }
}
