package dev.loom.console.storage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The number of the newest event that was answered for, in a file beside the H2 database. Every change has an event, so a database whose
 * newest event is older has lost something. Thread-safe.
 */
public final class Mark implements AutoCloseable {

    private static final String NAME = "loom.mark";

    private final Path file;
    private RandomAccessFile open;
    private long last;

    Mark(Path file) {
        this.file = file;
    }

    /** Where it stands in a data directory. */
    static Path in(Path data) {
        return data.resolve(NAME);
    }

    /** After a restore: from here on the database has to have this event, and need not have any later one. */
    public static void restored(Path data, long newestEvent) throws IOException {
        Files.deleteIfExists(in(data));
        try (Mark mark = new Mark(in(data))) {
            mark.write(newestEvent);
        }
    }

    /** 0 if there is none. */
    static long read(Path file) {
        try {
            return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
        } catch (NumberFormatException damaged) {
            return 0; // the mark itself suffered: it says nothing
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Notes a newer event. */
    synchronized void write(long event) throws IOException {
        if (event <= last) {
            return;
        }
        last = event;
        if (open == null) {
            open = new RandomAccessFile(file.toFile(), "rw");
        }
        open.seek(0);
        open.writeBytes(String.format("%019d%n", event));
    }

    @Override
    public synchronized void close() throws IOException {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
