package io.millrace;

import java.time.Clock;
import java.util.random.RandomGenerator;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * The hub as a process. Everything it does is in the packages below this one; what they may use of each other is said
 * in their {@code package-info} and in {@code ARCHITECTURE.md}.
 */
@SpringBootApplication
public class MillraceApplication {

    static void main(String[] args) {
        SpringApplication.run(MillraceApplication.class, args);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    RandomGenerator randomGenerator() {
        return RandomGenerator.getDefault();
    }
}
