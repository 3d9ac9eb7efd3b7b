package dev.loom.demo;

import ch.qos.logback.core.AsyncAppenderBase;
import ch.qos.logback.core.ContextBase;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.encoder.EchoEncoder;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** One tenant's log: an asynchronous appender in front of a file of its own, as an application configures them. */
public final class TenantLog {

    private static final String LAST_LINE = "the last line";
    /** What looking up the tenant's settings takes for a usual line and for the last one. */
    private static final long LOOKUP_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long LAST_LOOKUP_NANOS = TimeUnit.MILLISECONDS.toNanos(8);

    private final String name;
    private final Path file;
    private final AsyncAppenderBase<String> appender = new AsyncAppenderBase<>();
    private final CountDownLatch lastLineInWriting = new CountDownLatch(1);
    /** The hand-written equivalent of the filter; null without {@code --exclusive}. */
    private final ReentrantLock exclusion;
    private boolean closing;

    private TenantLog(Path directory, String name, boolean exclusive) {
        this.name = name;
        this.file = directory.resolve(name + ".log");
        this.exclusion = exclusive ? new ReentrantLock() : null;
    }

    /** @param exclusive take a hand-written lock where the filter would put one: the control that must lose nothing */
    public static TenantLog open(Path directory, String name, boolean exclusive) {
        TenantLog log = new TenantLog(directory, name, exclusive);
        log.start();
        return log;
    }

    private void start() {
        ContextBase context = new ContextBase();
        EchoEncoder<String> encoder = new EchoEncoder<>();
        encoder.setContext(context);
        FileAppender<String> writer = exclusion == null ? new FileAppender<>() : new ExclusiveFileAppender();
        writer.setContext(context);
        writer.setFile(file.toString());
        writer.setPrudent(true);
        writer.setEncoder(encoder);
        writer.addFilter(new SettingsLookup());
        writer.start();
        appender.setContext(context);
        appender.setName(name);
        appender.addAppender(writer);
        appender.start();
    }

    /** Queues a line, unless the log is closing. */
    public synchronized void log(String line) {
        if (!closing) {
            appender.doAppend(line);
        }
    }

    /**
     * Logs a last line and stops the appender while its worker is writing that.
     *
     * @return what was lost, or null
     */
    public String close() throws IOException, InterruptedException {
        synchronized (this) {
            closing = true;
            appender.doAppend(LAST_LINE);
        }
        lastLineInWriting.await();
        stop();
        List<String> lines = Files.readAllLines(file);
        Files.delete(file);
        return lines.contains(LAST_LINE) ? null : name + ": the last line was accepted and is not in the file";
    }

    private void stop() {
        if (exclusion == null) {
            appender.stop();
            return;
        }
        exclusion.lock();
        try {
            appender.stop();
        } finally {
            exclusion.unlock();
        }
    }

    /** Deletes a directory of logs that nobody needs any more. */
    public static void deleteAll(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.delete(directory);
        } catch (DirectoryNotEmptyException e) {
            // a log was opened meanwhile: it stays, this is no more than tidying up
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An application's own appender filter, which asks a slow source, as such filters do. */
    private final class SettingsLookup extends Filter<String> {
        @Override
        public FilterReply decide(String line) {
            boolean last = line.equals(LAST_LINE);
            if (last) {
                lastLineInWriting.countDown();
            }
            // parks, and like socket input goes on in spite of an interrupt without hiding it
            long end = System.nanoTime() + (last ? LAST_LOOKUP_NANOS : LOOKUP_NANOS);
            for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
                if (Thread.currentThread().isInterrupted()) {
                    Thread.yield();
                } else {
                    LockSupport.parkNanos(left);
                }
            }
            return FilterReply.NEUTRAL;
        }
    }

    private final class ExclusiveFileAppender extends FileAppender<String> {
        @Override
        public void doAppend(String line) {
            exclusion.lock();
            try {
                super.doAppend(line);
            } finally {
                exclusion.unlock();
            }
        }
    }
}
