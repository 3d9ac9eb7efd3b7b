package dev.loom.console.support;

import dev.loom.console.LoomConsole;
import dev.loom.console.jmx.RmiSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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
        Map<String, String> options = new LinkedHashMap<>();
        options.put("--server.port", "0");
        options.put("--server.address", "127.0.0.1");
        options.put("--loom.data", data.toString());
        options.put("--loom.admin.password", ADMIN_PASSWORD);
        options.put("--loom.bootstrap.token", TOKEN);
        options.put("--loom.targets.interval", "200ms");
        options.put("--spring.jmx.enabled", "false");
        options.put("--loom.node.exit-when-lost", "false");
        // with one connection all tests must pass as well: -Dloom.test.pool=1
        String pool = System.getProperty("loom.test.pool", "");
        if (!pool.isEmpty()) {
            options.put("--spring.datasource.hikari.maximum-pool-size", pool);
            options.put("--spring.datasource.hikari.connection-timeout", "3000");
        }
        // all tests must pass on PostgreSQL as well: -Dloom.test.database=postgres
        if (System.getProperty("loom.test.database", "h2").equals("postgres") && deleteData) {
            put(options, Postgres.options(Postgres.shared().freshDatabase()));
        }
        put(options, more);
        String[] arguments = options.entrySet().stream().map(o -> o.getKey() + "=" + o.getValue()).toArray(String[]::new);
        this.context = new SpringApplicationBuilder(LoomConsole.class).run(arguments);
        this.port = Integer.parseInt(context.getEnvironment().getProperty("local.server.port", "0"));
    }

    private static void put(Map<String, String> options, String... more) {
        for (String option : more) {
            options.put(option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
        }
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

    public ConfigurableApplicationContext context() {
        return context;
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
