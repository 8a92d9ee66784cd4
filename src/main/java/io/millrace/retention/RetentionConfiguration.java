package io.millrace.retention;

import io.millrace.background.BackgroundLoop;
import io.millrace.background.Pace;
import io.millrace.erasure.Eraser;
import io.millrace.eventlog.SegmentProperties;
import io.millrace.segment.SegmentLedger;
import io.millrace.segment.Segments;
import io.millrace.time.Ticker;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RetentionProperties.class)
class RetentionConfiguration {

    @Bean
    CleanerRests cleanerRests(RetentionProperties properties, Ticker ticker) {
        return new CleanerRests(properties.workShare(), ticker);
    }

    @Bean
    CleaningPlan cleaningPlan(RetentionProperties properties, SegmentProperties segmentSizes) {
        return new CleaningPlan(properties.deadShare(), segmentSizes.maxSize().toBytes());
    }

    @Bean
    Cleaner cleaner(
            Segments segments,
            SegmentLedger ledger,
            Expiry expiry,
            Eraser eraser,
            Compactions compactions,
            CleaningPlan plan,
            CleanerRests rests) {
        return new Cleaner(segments, ledger, expiry, eraser, compactions, plan, rests);
    }

    @Bean
    BackgroundLoop segmentCleanerLoop(
            Cleaner cleaner,
            CleanerRests rests,
            RetentionMetrics metrics,
            RetentionProperties properties,
            Ticker ticker) {
        BackgroundLoop loop = new BackgroundLoop(
                "segment-cleaner",
                Pace.every(properties.checkInterval()),
                ticker,
                Segments.LONGEST_STATEMENT.plusMinutes(1),
                cleaner::round);
        rests.onProgress(loop::progressed);
        metrics.watch(cleaner);
        return loop;
    }
}
