package dev.loom.console;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What all features share. */
@Configuration(proxyBeanMethods = false)
class ConsoleBeans {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}
