package io.millrace.stream;

import io.millrace.background.BackgroundLoop;
import io.millrace.background.Pace;
import io.millrace.connection.StallTimeout;
import io.millrace.time.Ticker;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StreamProperties.class)
class StreamConfiguration {

    @Bean
    StallTimeout stallTimeout(StreamProperties properties) {
        return properties::stallTimeout;
    }

    @Bean
    BackgroundLoop streamTicker(LiveStreams streams, StreamProperties properties, Ticker ticker) {
        return new BackgroundLoop("stream-ticker", Pace.every(properties.tick()), ticker, streams::tick);
    }
}
