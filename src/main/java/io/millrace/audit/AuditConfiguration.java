package io.millrace.audit;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.access.SecurityProperties;
import io.millrace.append.Appender;
import io.millrace.background.BackgroundLoop;
import io.millrace.background.Pace;
import io.millrace.time.Ticker;
import io.millrace.topic.TopicCatalogue;
import io.millrace.topic.Topics;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** There is an audit log where callers have names, unless the topic has none. */
@Configuration(proxyBeanMethods = false)
class AuditConfiguration {

    private static final Logger log = LoggerFactory.getLogger(AuditConfiguration.class);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(5);

    @Bean
    AuditLog auditLog(
            SecurityProperties security,
            Topics topics,
            TopicCatalogue catalogue,
            Appender appender,
            Clock clock,
            MeterRegistry registry) {
        return new AuditLog(security.auditTopic(), topics, catalogue, appender, clock, registry);
    }

    /** Without authentication nobody tells of decisions. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "millrace.security.authentication", havingValue = "required")
    static class Appending {

        @Bean
        BackgroundLoop auditLoop(AuditLog audit, Ticker ticker) {
            BackgroundLoop loop = new BackgroundLoop("audit", Pace.whenWoken(LONGEST_BACK_OFF), ticker, audit::round);
            audit.wakeBy(loop::wake);
            return loop;
        }

        /** Appends what still waits when the web server has stopped, and while the lanes still run. */
        @Bean
        SmartLifecycle lastAuditRound(BackgroundLoop auditLoop) {
            return new LastRound(auditLoop);
        }
    }

    private static final class LastRound implements SmartLifecycle {

        private final BackgroundLoop loop;
        private volatile boolean running;

        LastRound(BackgroundLoop loop) {
            this.loop = loop;
        }

        @Override
        public void start() {
            running = true;
        }

        @Override
        public void stop() {
            running = false;
            try {
                loop.runOnce();
            } catch (Exception failure) {
                log.warn("the last decisions are missing in the audit log", failure);
            }
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        /** Just above the loops'. */
        @Override
        public int getPhase() {
            return 1;
        }
    }
}
