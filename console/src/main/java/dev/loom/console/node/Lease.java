package dev.loom.console.node;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to be the console that is at work on a database. On PostgreSQL it is an advisory lock, held by a connection of its own; on H2, whose
 * file one process alone can open, nothing is needed.
 *
 * <p>PostgreSQL gives the lock to another as soon as the connection is gone: at once when the process ends, and {@link #IDLE} after its last sign
 * of life when it is frozen or its machine is. The holder itself stops writing earlier, {@link #TRUSTED} after it began its last successful sign of
 * life, by the monotonic clock: so what a thawed process still has in hand is refused. Thread-safe.
 */
public final class Lease implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Lease.class);

    /** How often the holder shows that it lives. */
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(2);

    /** How long PostgreSQL waits for a sign of life. */
    private static final Duration IDLE = Duration.ofSeconds(12);

    /** How long the holder believes in its own last sign of life. */
    private static final Duration TRUSTED = Duration.ofSeconds(9);

    private final @Nullable Connection connection;
    private final Thread signs = new Thread(this::show, "loom-lease");
    private volatile long shown = System.nanoTime();
    private volatile boolean ended;
    private volatile Runnable onLost = () -> {};

    private Lease(@Nullable Connection connection) {
        this.connection = connection;
        if (connection != null) {
            signs.setDaemon(true);
            signs.start();
        }
    }

    /** For a database that one process alone can open. */
    static Lease notNeeded() {
        return new Lease(null);
    }

    /** Tries to get it; null if another console has it. */
    static @Nullable Lease tryGet(String url, String user, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", "loom-console lease");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "5");
        Connection connection = DriverManager.getConnection(url, properties);
        try (Statement statement = connection.createStatement()) {
            // the server's own view of a client that is gone or frozen
            statement.execute("set idle_session_timeout = " + IDLE.toMillis());
            statement.execute("set tcp_keepalives_idle = 4");
            statement.execute("set tcp_keepalives_interval = 2");
            statement.execute("set tcp_keepalives_count = 3");
            try (ResultSet row = statement.executeQuery("select pg_try_advisory_lock(hashtext('loom-console'), hashtext(current_schema()))")) {
                row.next();
                if (row.getBoolean(1)) {
                    return new Lease(connection);
                }
            }
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        connection.close();
        return null;
    }

    /** What to do when it is lost, or at once if it is already. */
    public void onLost(Runnable action) {
        onLost = action;
        if (ended) {
            action.run(); // lost before anybody could say what to do then
        }
    }

    /**
     * To be called within each transaction that changes something.
     *
     * @throws LoomProblem if this console can no longer be sure to be the one at work
     */
    public void require() {
        if (connection != null && (ended || System.nanoTime() - shown > TRUSTED.toNanos())) {
            throw new LoomProblem(ProblemCode.UNAVAILABLE, "This console is no longer the one at work.", "Another one takes over; try again.");
        }
    }

    private void show() {
        Connection own = connection;
        while (!ended && own != null) {
            long before = System.nanoTime();
            try (Statement statement = own.createStatement()) {
                statement.execute("select 1");
                if (before - shown > TRUSTED.toNanos()) {
                    throw new SQLException("no sign of life for " + Duration.ofNanos(before - shown).toSeconds() + " s");
                }
                shown = before;
                Thread.sleep(SIGN_OF_LIFE.toMillis());
            } catch (SQLException e) {
                if (!ended) {
                    ended = true;
                    log.error("This console has lost its lease of the database and ends, so that another one can be at work: {}", e.getMessage());
                    onLost.run();
                }
            } catch (InterruptedException e) {
                return; // closed
            }
        }
    }

    @Override
    public void close() {
        ended = true;
        signs.interrupt();
        if (connection != null) {
            try {
                signs.join(10_000);
                connection.close();
            } catch (SQLException e) {
                log.debug("closing the lease", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
