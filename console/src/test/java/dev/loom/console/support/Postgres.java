package dev.loom.console.support;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A real PostgreSQL server on 127.0.0.1 with its data in a temporary directory. It ends when this JVM ends, in whatever way: its shell waits for
 * the end of a pipe that this JVM holds.
 */
public final class Postgres {

    private static final String USER = "loom";

    private static Postgres shared;

    private final AtomicInteger databases = new AtomicInteger();
    private final int port;
    private final Process shell;

    private Postgres(Path directory, int port, Process shell) {
        this.port = port;
        this.shell = shell;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(directory)));
    }

    /** The directory with the server's programs, if it is installed. */
    public static Optional<Path> programs() {
        List<Path> places = new ArrayList<>();
        String configured = System.getenv("LOOM_TEST_POSTGRES");
        if (configured != null) {
            places.add(Path.of(configured));
        }
        Path debian = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(debian)) {
            try (Stream<Path> versions = Files.list(debian)) {
                versions.sorted(Comparator.comparing((Path v) -> v.getFileName().toString()).reversed()).forEach(v -> places.add(v.resolve("bin")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return places.stream().filter(place -> Files.isExecutable(place.resolve("initdb"))).findFirst();
    }

    /** The server that all tests share, each with a database of its own. */
    public static synchronized Postgres shared() {
        if (shared == null) {
            Path programs = programs().orElseThrow(() -> new IllegalStateException(
                    "PostgreSQL is missing: install it (Debian: apt-get install postgresql), or set LOOM_TEST_POSTGRES to the directory of initdb"));
            try {
                shared = started(programs);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return shared;
    }

    private static Postgres started(Path programs) throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path directory = Files.createTempDirectory("loom-postgres");
        // the server refuses to run as root
        boolean root = "root".equals(System.getProperty("user.name"));
        List<String> as = root ? List.of("runuser", "-u", "postgres", "--") : List.of();
        if (root) {
            run(List.of("chown", "postgres", directory.toString()), directory);
        }
        List<String> init = new ArrayList<>(as);
        init.addAll(List.of(programs.resolve("initdb").toString(), "-D", directory.resolve("data").toString(), "-U", USER, "-A", "trust",
                "-E", "UTF8", "--locale=C", "--no-sync"));
        run(init, directory);
        List<String> serve = new ArrayList<>(as);
        serve.addAll(List.of("sh", "-c",
                programs.resolve("postgres") + " -D " + directory.resolve("data") + " -p " + port + " -k " + directory
                        + " -c listen_addresses=127.0.0.1 -c max_connections=200 >" + directory.resolve("log") + " 2>&1 & server=$!\n"
                        + "cat >/dev/null\nkill -INT $server\nwait $server"));
        Process shell = new ProcessBuilder(serve).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        Postgres server = new Postgres(directory, port, shell);
        long end = System.nanoTime() + 60_000_000_000L;
        while (true) {
            try (Connection connection = DriverManager.getConnection(server.url("postgres"), USER, "")) {
                return server;
            } catch (SQLException notYet) {
                if (System.nanoTime() > end || !shell.isAlive()) {
                    throw new IllegalStateException("PostgreSQL did not start: " + Files.readString(directory.resolve("log")), notYet);
                }
                Thread.sleep(50);
            }
        }
    }

    private static void run(List<String> command, Path directory) throws IOException, InterruptedException {
        Path log = directory.resolveSibling(directory.getFileName() + ".log");
        Process process = new ProcessBuilder(command).directory(new File("/")).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + " failed: " + Files.readString(log));
        }
        Files.delete(log);
    }

    private void end(Path directory) {
        try {
            shell.getOutputStream().close();
            shell.waitFor(20, TimeUnit.SECONDS);
            run(List.of("rm", "-rf", directory.toString()), directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** The URL of a new, empty database. */
    public String freshDatabase() {
        String name = "loom" + databases.incrementAndGet();
        try (Connection connection = connection(url("postgres")); Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return url(name);
    }

    /** A connection to one of its databases. */
    public Connection connection(String url) throws SQLException {
        return DriverManager.getConnection(url, USER, "");
    }

    /** Options of a console that uses a database. */
    public static String[] options(String url) {
        return new String[] {"--spring.datasource.url=" + url, "--spring.datasource.username=" + USER, "--spring.datasource.password="};
    }
}
