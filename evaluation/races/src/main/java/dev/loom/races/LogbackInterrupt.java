package dev.loom.races;

import dev.loom.demo.TenantLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * logback-core 1.0.13: stop() of an asynchronous appender interrupts its worker in the middle of a write, and the line is lost.
 * The oldest of several appenders is stopped each time, so its worker has been in its loop for a while.
 */
final class LogbackInterrupt implements Race {

    private static final int LOGS = 20;

    private final Exclusion exclusion;
    private final Path directory;
    private final Deque<TenantLog> logs = new ArrayDeque<>();
    /** Its worker has been in its loop since the start. */
    private TenantLog permanent;
    private int number;
    private boolean failed;

    LogbackInterrupt(Exclusion exclusion) {
        this.exclusion = exclusion;
        try {
            directory = Files.createTempDirectory("loom-races-logs");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            Rounds.ending = true;
            TenantLog.deleteAll(directory);
        }));
        permanent = TenantLog.open(directory, "log-" + ++number, exclusion.isOn());
    }

    @Override
    public void restartWorkers() throws Exception {
        permanent.close();
        permanent = TenantLog.open(directory, "log-" + ++number, exclusion.isOn());
    }

    @Override
    public void prepare() {
        while (logs.size() < LOGS) {
            logs.add(TenantLog.open(directory, "log-" + ++number, exclusion.isOn()));
        }
    }

    @Override
    public void first() throws Exception {
        failed = logs.remove().close() != null;
    }

    /** The other side is the appender's own worker. */
    @Override
    public void second() {}

    @Override
    public int failures() {
        return failed ? 1 : 0;
    }
}
