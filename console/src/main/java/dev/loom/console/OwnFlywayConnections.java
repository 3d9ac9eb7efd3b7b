package dev.loom.console;

import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Flyway holds two connections at once: it gets them beside the pool, which may have one alone. */
@Component
class OwnFlywayConnections implements FlywayConfigurationCustomizer {

    private final Environment environment;

    OwnFlywayConnections(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void customize(FluentConfiguration configuration) {
        String url = environment.getProperty("spring.datasource.url", "");
        boolean special = environment.containsProperty("spring.flyway.url") || environment.containsProperty("spring.flyway.user");
        if (!url.isEmpty() && !special) {
            configuration.dataSource(
                    url,
                    environment.getProperty("spring.datasource.username", ""),
                    environment.getProperty("spring.datasource.password", ""));
        }
    }
}
