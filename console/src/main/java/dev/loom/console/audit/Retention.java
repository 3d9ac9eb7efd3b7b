package dev.loom.console.audit;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Deletes old events. The audit log stays, unless {@code loom.audit.retention} says how long. */
@Component
class Retention {

    private static final Logger logger = LoggerFactory.getLogger(Retention.class);

    private final EventLog log;
    private final Duration events;
    private final Duration audit;

    Retention(
            EventLog log,
            @Value("${loom.events.retention:30d}") Duration events,
            @Value("${loom.audit.retention:0}") Duration audit) {
        this.log = log;
        this.events = events;
        this.audit = audit;
    }

    @Scheduled(fixedDelay = 3_600_000, initialDelay = 60_000)
    void prune() {
        int pruned = log.prune(events, audit);
        if (pruned > 0) {
            logger.info("Deleted {} old events.", pruned);
        }
    }
}
