package dev.loom.console.storage;

import dev.loom.console.audit.EventLog;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Looks at the H2 file before anything is written to it: whether it can be written, and whether it has all that was answered for. H2 opens a
 * truncated file with what is left of it, and a missing one as a new one, without a word.
 */
@Component
class DatabaseCheck implements FlywayMigrationStrategy, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(DatabaseCheck.class);

    private final Path file;
    private final Path markFile;
    private final Mark mark;
    private final boolean h2;
    private final boolean acceptOlder;
    private final DataSource database;
    private final ObjectProvider<EventLog> events;

    DatabaseCheck(
            DataSource database,
            ObjectProvider<EventLog> events,
            @Value("${loom.data}") Path data,
            @Value("${spring.datasource.url}") String url,
            @Value("${loom.accept-older-database:false}") boolean acceptOlder) {
        this.database = database;
        this.events = events;
        this.file = data.resolve("loom.mv.db");
        this.markFile = Mark.in(data);
        this.mark = new Mark(markFile);
        this.h2 = url.startsWith("jdbc:h2:file:");
        this.acceptOlder = acceptOlder;
    }

    @Override
    public void migrate(Flyway flyway) {
        if (h2) {
            check();
        }
        flyway.migrate();
        if (h2) {
            execute("set write_delay 0"); // whatever the URL says
        }
    }

    private void check() {
        long answered = Mark.read(markFile);
        if (Files.exists(file) && !Files.isWritable(file)) {
            throw new LoomProblem(
                    ProblemCode.UNAVAILABLE, "The database " + file + " cannot be written.", "Give it to the user that runs the console.");
        }
        long there = Files.exists(file) ? newest() : 0;
        if (there < answered && !acceptOlder) {
            throw new LoomProblem(
                    ProblemCode.UNAVAILABLE,
                    Files.exists(file)
                            ? "The database " + file + " has lost something: its newest event is " + there + ", and " + answered
                                    + " were answered for. It is truncated or damaged, or older than what stands beside it."
                            : "The database " + file + " is missing, though " + answered + " events were answered for.",
                    "Restore a backup. To go on with what is there, start once with --loom.accept-older-database=true.");
        }
    }

    private long newest() {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select last from event_counter where id = 1")) {
            return row.next() ? row.getLong(1) : 0;
        } catch (SQLException e) {
            if (e.getErrorCode() == 42102 || e.getErrorCode() == 42104) {
                return 0; // no such table: a new database, or one of which nothing is left
            }
            throw new IllegalStateException(e);
        }
    }

    private void execute(String sql) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From here on every event is noted before its answer leaves. */
    @EventListener(ApplicationReadyEvent.class)
    void ready() {
        EventLog written = events.getObject();
        if (h2) {
            note(written.lastId());
            written.subscribe(event -> note(event.id()));
        }
    }

    private void note(long event) {
        try {
            mark.write(event);
        } catch (IOException e) {
            log.warn("{} cannot be written: {}", markFile, e.getMessage());
        }
    }

    @Override
    public void destroy() throws IOException {
        mark.close();
    }
}
