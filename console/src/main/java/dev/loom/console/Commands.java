package dev.loom.console;

import dev.loom.console.backup.Backup;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.storage.Mark;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * What the console's jar does instead of starting a console: {@code backup}, {@code restore} and {@code copy}. They take the same options, files
 * and variables as the console, and end with 0, 1 for what could not be done, or 2 for a wrong command line.
 */
final class Commands {

    private static final Set<String> NAMES = Set.of("backup", "restore", "copy");
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private static final String HELP = """
            loom-console.jar backup FILE                     writes all that the database holds into FILE; the console must not be running,
                                                             unless its database is PostgreSQL
                             backup FILE --console=URL       takes it from a running console, with an administrator's token in LOOM_TOKEN
                                                             or --token-file=FILE
                             restore FILE                    puts it into the empty database of --loom.data=DIRECTORY, or of
                                                             --spring.datasource.url=URL
                             copy --to=JDBC-URL              puts all of it into another, empty database; --to-username=NAME, and the password
                                                             in LOOM_TO_PASSWORD or --to-password-file=FILE
            """;

    /** Nothing is started but the options, files and variables are read. */
    @Configuration(proxyBeanMethods = false)
    static class Options {}

    private Commands() {}

    static boolean isOne(String[] args) {
        return args.length > 0 && NAMES.contains(args[0]);
    }

    /** Does it, and returns the exit status. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Options.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .properties("spring.jmx.enabled=false", "spring.main.register-shutdown-hook=false", "loom.node.lease=false")
                .run(args)) {
            Environment options = context.getEnvironment();
            List<String> words = context.getBean(org.springframework.boot.ApplicationArguments.class).getNonOptionArgs();
            String command = words.get(0);
            boolean copy = command.equals("copy");
            if (words.size() != (copy ? 1 : 2) || copy && !options.containsProperty("to")) {
                err.print(HELP);
                return USAGE;
            }
            out.println(switch (command) {
                case "backup" -> backup(options, Path.of(words.get(1)));
                case "restore" -> restore(options, Path.of(words.get(1)));
                default -> copy(options);
            });
            return 0;
        } catch (LoomProblem problem) {
            err.println(problem.detail());
            err.println(problem.hint());
        } catch (CannotStart problem) {
            err.println(problem.getMessage());
            err.println(problem.hint());
        } catch (SQLException | IOException e) {
            var known = new StartFailures().analyze(e);
            err.println(known == null ? "It failed: " + e : known.getDescription() + "\n" + known.getAction());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return FAILED;
    }

    private static String backup(Environment options, Path file) throws SQLException, IOException, InterruptedException {
        Path parent = file.toAbsolutePath().getParent();
        if (Files.exists(file)) {
            throw new CannotStart(file + " is there already.", "Name another file; nothing was changed.");
        }
        if (!Files.isDirectory(parent)) {
            throw new CannotStart("There is no directory " + parent + ".", "Make it first.");
        }
        // of its owner alone; whole or not at all
        Path part = Files.createTempFile(parent, "loom-backup", ".part");
        try {
            if (options.containsProperty("console")) {
                fetch(options, part);
            } else {
                try (OutputStream to = Files.newOutputStream(part)) {
                    Backup.write(own(options, true), to, Instant.now());
                }
            }
            Backup.Summary summary = Backup.look(part);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            return "Wrote " + file + ": " + said(summary) + ".\nKeep secret.key of the data directory apart from it: it opens the stored passwords of JVMs.";
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void fetch(Environment options, Path to) throws IOException, InterruptedException {
        String url = options.getRequiredProperty("console").replaceAll("/+$", "") + "/api/v1/backup";
        String token = secret(options, "token-file", "LOOM_TOKEN");
        HttpRequest request;
        try {
            request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofMinutes(10)).header("Authorization", "Bearer " + token).build();
        } catch (IllegalArgumentException e) {
            throw new CannotStart(url + " is no address of a console: " + e.getMessage() + ".", "Give it as https://HOST or http://HOST:PORT.");
        }
        HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
        HttpResponse<Path> answer = client.send(request, HttpResponse.BodyHandlers.ofFile(to));
        if (answer.statusCode() != 200) {
            String body = Files.readString(to, StandardCharsets.UTF_8);
            throw new CannotStart(
                    "The console answered " + answer.statusCode() + (body.isEmpty() ? "" : ": " + body.substring(0, Math.min(500, body.length()))),
                    "It takes the token of an administrator, in LOOM_TOKEN or --token-file=FILE.");
        }
    }

    private static String restore(Environment options, Path file) throws SQLException, IOException {
        if (!Files.isReadable(file)) {
            throw new CannotStart(file + " cannot be read.", "Name the file that backup wrote.");
        }
        Path data = Path.of(options.getRequiredProperty("loom.data"));
        DataDirectory.make(data.toAbsolutePath().normalize());
        Backup.Summary summary = Backup.restore(file, own(options, false));
        if (ownUrl(options).startsWith("jdbc:h2:file:")) {
            Mark.restored(data, summary.newestEvent());
        }
        return "Restored " + said(summary) + ", read again and compared."
                + (Files.exists(data.resolve("secret.key"))
                        ? ""
                        : "\nPut secret.key of the old data directory into " + data + " before the start: without it the passwords of JVMs have to be given again.");
    }

    private static String copy(Environment options) throws SQLException, IOException {
        String to = options.getRequiredProperty("to");
        DataSource target =
                new DriverManagerDataSource(to, options.getProperty("to-username", ""), secret(options, "to-password-file", "LOOM_TO_PASSWORD"));
        Path file = Files.createTempFile("loom-copy", ".zip");
        try {
            try (OutputStream stream = Files.newOutputStream(file)) {
                Backup.write(own(options, true), stream, Instant.now());
            }
            return "Copied " + said(Backup.restore(file, target)) + ", read again and compared.\nStart the console with --spring.datasource.url=" + to
                    + ", --spring.datasource.username and SPRING_DATASOURCE_PASSWORD, and the same --loom.data: secret.key is there.";
        } finally {
            Files.delete(file);
        }
    }

    private static String said(Backup.Summary summary) {
        return summary.rows() + " rows of " + summary.tables() + " tables, as of " + summary.takenAt() + ", newest event " + summary.newestEvent();
    }

    private static String ownUrl(Environment options) {
        return options.getRequiredProperty("spring.datasource.url");
    }

    /** The console's own database. To read from a file that is not there would make an empty one. */
    private static DataSource own(Environment options, boolean mustBeThere) {
        String url = ownUrl(options);
        Path file = Path.of(options.getRequiredProperty("loom.data")).resolve("loom.mv.db");
        if (mustBeThere && url.startsWith("jdbc:h2:file:") && !Files.exists(file)) {
            throw new CannotStart("There is no database " + file + ".", "Name the console's directory with --loom.data=DIRECTORY.");
        }
        return new DriverManagerDataSource(
                url, options.getProperty("spring.datasource.username", ""), options.getProperty("spring.datasource.password", ""));
    }

    private static String secret(Environment options, String file, String variable) throws IOException {
        String named = options.getProperty(file);
        if (named != null) {
            return Files.readString(Path.of(named)).strip();
        }
        String value = System.getenv(variable);
        return value == null ? "" : value;
    }
}
