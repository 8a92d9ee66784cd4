package io.millrace.group.admin;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.background.BackgroundLoop;
import io.millrace.background.Pace;
import io.millrace.eventlog.Partitions;
import io.millrace.group.GroupProperties;
import io.millrace.time.Ticker;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AdminConfiguration {

    @Bean
    BackgroundLoop groupLagLoop(
            AdminStore store,
            Partitions partitions,
            MeterRegistry registry,
            GroupProperties properties,
            Ticker ticker) {
        GroupLag lag = new GroupLag(store, partitions, registry, properties);
        return new BackgroundLoop("group-lag", Pace.every(properties.lagInterval()), ticker, lag::round);
    }
}
