package dev.loom.console.support;

import dev.loom.console.LoomConsole;
import dev.loom.console.jmx.RmiSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/** A whole console on 127.0.0.1 and a random port, with its database in a directory of its own. */
public final class ConsoleUnderTest implements AutoCloseable {

    public static final String ADMIN_PASSWORD = "password-of-the-tests";
    public static final String TOKEN = "token-of-the-tests-0123456789";

    private static ConsoleUnderTest shared;

    private final Path data;
    private final boolean deleteData;
    private final ConfigurableApplicationContext context;
    private final int port;

    private ConsoleUnderTest(Path data, boolean deleteData, String... more) {
        this.data = data;
        this.deleteData = deleteData;
        RmiSettings.apply();
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--loom.data=" + data,
                "--loom.admin.password=" + ADMIN_PASSWORD,
                "--loom.bootstrap.token=" + TOKEN,
                "--loom.targets.interval=200ms",
                "--spring.jmx.enabled=false"));
        arguments.addAll(List.of(more));
        this.context = new SpringApplicationBuilder(LoomConsole.class).run(arguments.toArray(String[]::new));
        this.port = Integer.parseInt(context.getEnvironment().getProperty("local.server.port", "0"));
    }

    /** The console that all tests share which need nothing special. It ends with the tests. */
    public static synchronized ConsoleUnderTest shared() {
        if (shared == null) {
            shared = fresh();
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    /** A console with an empty database, which is deleted at the end. */
    public static ConsoleUnderTest fresh(String... arguments) {
        try {
            return new ConsoleUnderTest(Files.createTempDirectory("loom-console-test"), true, arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A console with the database in a directory, which stays. */
    public static ConsoleUnderTest on(Path data, String... arguments) {
        return new ConsoleUnderTest(data, false, arguments);
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public Path data() {
        return data;
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** A client with the administrator's token. */
    public Rest rest() {
        return new Rest(url(), TOKEN);
    }

    @Override
    public void close() {
        context.close();
        if (deleteData) {
            FileSystemUtils.deleteRecursively(data.toFile());
        }
    }
}
