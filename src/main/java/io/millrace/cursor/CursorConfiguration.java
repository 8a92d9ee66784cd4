package io.millrace.cursor;

import io.millrace.background.BackgroundLoop;
import io.millrace.background.Pace;
import io.millrace.database.Transactions;
import io.millrace.time.Ticker;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CursorProperties.class)
class CursorConfiguration {

    @Bean
    BaseStore baseStore(JdbcClient jdbc, PlatformTransactionManager transactions, CursorProperties properties) {
        return new BaseStore(
                jdbc, new Transactions(transactions, properties.transactionTimeout(), "the cursor"), properties);
    }

    @Bean
    Bases bases(BaseStore store, CursorProperties properties, Ticker ticker) {
        return new Bases(store, new BaseCache(properties.cachedPositions()), ticker);
    }

    @Bean
    BackgroundLoop cursorSweep(BaseStore store, CursorProperties properties, Ticker ticker) {
        return new BackgroundLoop("cursor-sweep", Pace.every(properties.sweepInterval()), ticker, store::sweep);
    }
}
