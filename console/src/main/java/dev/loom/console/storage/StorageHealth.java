package dev.loom.console.storage;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Writes a row now and then, and says DOWN while that fails: reading goes on for long after a disk is full. A database that gave up is
 * opened anew, by closing all connections, so that it comes back when there is room again.
 */
@Component("storage")
class StorageHealth implements HealthIndicator {

    private static final Logger log = LoggerFactory.getLogger(StorageHealth.class);
    private static final long LEAST_FREE = 32L << 20;

    private final JdbcClient jdbc;
    private final DataSource database;
    private final Clock clock;
    private final Path data;
    private final boolean file;
    private volatile @Nullable String failure;

    StorageHealth(
            JdbcClient jdbc, DataSource database, Clock clock, @Value("${loom.data}") Path data, @Value("${spring.datasource.url}") String url) {
        this.jdbc = jdbc;
        this.database = database;
        this.clock = clock;
        this.data = data;
        this.file = url.startsWith("jdbc:h2:file:");
    }

    @Scheduled(fixedDelayString = "${loom.storage.probe:5s}")
    void probe() {
        String before = failure;
        try {
            jdbc.sql("update named_lock set at = ? where name = 'probe'").param(clock.millis()).update();
            failure = null;
            if (before != null) {
                log.info("The database can be written again.");
                openAnew(); // connections to the database that had closed itself may be left in the pool
            }
        } catch (DataAccessException | TransactionException e) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            failure = String.valueOf(root.getMessage());
            if (before == null) {
                log.error("The database cannot be written: {}", failure);
            }
            openAnew();
        }
    }

    /** H2 closes a database that it could not write; the next connection opens it anew, if none of the old ones is left. */
    private void openAnew() {
        if (file && database instanceof HikariDataSource hikari) {
            HikariPoolMXBean pool = hikari.getHikariPoolMXBean();
            if (pool != null) {
                pool.softEvictConnections();
            }
        }
    }

    @Override
    public Health health() {
        String why = failure;
        if (why != null) {
            return Health.down().withDetail("database", why).build();
        }
        try {
            long free = Files.getFileStore(data).getUsableSpace();
            return file && free < LEAST_FREE ? Health.down().withDetail("free", free).build() : Health.up().build();
        } catch (java.io.IOException e) {
            return Health.down().withDetail("directory", e.toString()).build();
        }
    }
}
