package dev.loom.console.node;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Lets a console on PostgreSQL start only when no other one is at work on the same database. Until then it answers on the console's port:
 * 503 to everything but the question whether the process lives, so that a proxy sends nobody here and a supervisor leaves it alone.
 *
 * <p>A console that never read the database before it is its turn has nothing in memory that could be out of date.
 */
public final class Standby implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final Logger log = LoggerFactory.getLogger(Standby.class);
    private static final long BETWEEN_TRIES_MILLIS = 1_000;

    /** So that whoever supervises the process starts it again: it then stands by. */
    private static final int LOST = 75;

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        Environment environment = context.getEnvironment();
        String url = environment.getProperty("spring.datasource.url", "");
        boolean shared = url.startsWith("jdbc:postgresql:") && environment.getProperty("loom.node.lease", Boolean.class, true);
        Lease lease = shared ? await(environment, url) : Lease.notNeeded();
        ((GenericApplicationContext) context).registerBean(Lease.class, () -> lease, definition -> definition.setDestroyMethodName("close"));
        lease.onLost(() -> {
            if (environment.getProperty("loom.node.exit-when-lost", Boolean.class, true)) {
                new Thread(() -> Runtime.getRuntime().halt(LOST), "loom-lease-lost").start();
            } else {
                context.close();
            }
        });
    }

    private static Lease await(Environment environment, String url) {
        String user = environment.getProperty("spring.datasource.username", "");
        String password = environment.getProperty("spring.datasource.password", "");
        HttpServer server = null;
        try {
            while (true) {
                Lease lease;
                try {
                    lease = Lease.tryGet(url, user, password);
                } catch (SQLException e) {
                    if (server == null) {
                        // without a database at the start: whoever starts it wants to know, and not to wait
                        throw new IllegalStateException("The database cannot be reached: " + e.getMessage(), e);
                    }
                    lease = null;
                }
                if (lease != null) {
                    return lease;
                }
                if (server == null) {
                    log.info("Another console is at work on this database. This one stands by.");
                    server = answer(environment);
                }
                Thread.sleep(BETWEEN_TRIES_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while standing by", e);
        } finally {
            if (server != null) {
                ((ExecutorService) server.getExecutor()).shutdown();
                server.stop(0);
            }
        }
    }

    /** Answers for the console that is not there yet; not where the port is to be encrypted, for that is not started yet either. */
    private static @Nullable HttpServer answer(Environment environment) {
        int port = environment.getProperty("server.port", Integer.class, 8080);
        try {
            String address = environment.getProperty("server.address");
            HttpServer server = HttpServer.create(
                    address == null ? new InetSocketAddress(port) : new InetSocketAddress(InetAddress.getByName(address), port), 50);
            server.setExecutor(Executors.newFixedThreadPool(4));
            boolean encrypted = environment.getProperty("server.ssl.enabled", Boolean.class, environment.containsProperty("server.ssl.bundle"));
            server.createContext("/", exchange -> {
                boolean lives = exchange.getRequestURI().getPath().endsWith("/actuator/health/liveness");
                byte[] body = (lives ? "{\"status\":\"UP\"}" : "{\"status\":\"OUT_OF_SERVICE\",\"detail\":\"This console stands by: another one is at work.\"}")
                        .getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.getResponseHeaders().set("Retry-After", "5");
                exchange.getResponseHeaders().set("Connection", "close");
                exchange.sendResponseHeaders(lives ? 200 : 503, body.length);
                try (OutputStream to = exchange.getResponseBody()) {
                    to.write(body);
                }
            });
            if (!encrypted) {
                server.start();
            }
            return server;
        } catch (IOException e) {
            throw new IllegalStateException("Port " + port + " cannot be opened: " + e.getMessage(), e);
        }
    }
}
