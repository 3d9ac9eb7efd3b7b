package dev.loom.console;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Says where the console is. */
@Component
class Ready {

    private static final Logger log = LoggerFactory.getLogger(Ready.class);

    private final Environment environment;

    Ready(Environment environment) {
        this.environment = environment;
    }

    @EventListener(ApplicationReadyEvent.class)
    void ready() {
        String scheme = environment.getProperty("server.ssl.enabled", Boolean.class, false) ? "https" : "http";
        log.info(
                "Loom console at {}://{}:{}{}/",
                scheme,
                environment.getProperty("server.address", "localhost"),
                environment.getProperty("local.server.port", environment.getProperty("server.port", "8080")),
                environment.getProperty("server.servlet.context-path", ""));
    }
}
