package dev.loom.agent;

import dev.loom.agent.control.FilterControl;
import dev.loom.agent.control.FilterEvent;
import dev.loom.agent.control.FilterStatus;
import dev.loom.agent.control.InstallOptions;
import dev.loom.agent.support.AgentLog;
import dev.loom.agent.support.OwnersDirectory;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the filters that are enabled in a directory of this JVM's, so that they are in force again from the first instruction when it is
 * started anew: a console would come to it only some time later. A filter is kept for as long as it is installed; one that was removed,
 * or does not fit any more, is forgotten.
 *
 * <p>The directory is its owner's alone, since what stands in it is woven into the application: one that others may write to is not used.
 * A lock on a file in it keeps a second JVM of the same name out.
 */
final class RememberedFilters {

    private static final String SUFFIX = ".loom";
    /** First line of a file; to the language it is a comment. */
    private static final String OPTIONS = "# remembered with options: ";

    private final FilterControl control;
    private final Path directory;
    /** Held until the agent leaves. */
    private final FileLock lock;

    private RememberedFilters(FilterControl control, Path directory, FileLock lock) {
        this.control = control;
        this.directory = directory;
        this.lock = lock;
    }

    /** Installs what is remembered, and remembers from now on what is enabled. Null, with a line in the log, if that is not possible. */
    static @Nullable RememberedFilters begin(FilterControl control, Path directory) {
        try {
            OwnersDirectory.prepare(directory);
            FileChannel file = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = file.tryLock();
            if (lock == null) {
                file.close();
                AgentLog.warn("state: another JVM uses " + directory + "; filters enabled in this one are not remembered (give each JVM a"
                        + " name= or a state= of its own)");
                return null;
            }
            RememberedFilters remembered = new RememberedFilters(control, directory, lock);
            remembered.restore();
            control.addListener(remembered::happened);
            return remembered;
        } catch (IOException | RuntimeException e) {
            AgentLog.warn("state: filters are not remembered in " + directory + ": " + (e instanceof IOException ? e.getMessage() : e));
            return null;
        }
    }

    /** Gives the directory back, so that an agent that is attached later may have it. */
    void close() {
        try {
            lock.acquiredBy().close();
        } catch (IOException e) {
            AgentLog.warn("state: " + directory + " stays locked until this JVM ends: " + e);
        }
    }

    private void restore() throws IOException {
        List<Path> files;
        try (Stream<Path> entries = Files.list(directory)) {
            files = entries.filter(file -> file.getFileName().toString().endsWith(SUFFIX)).sorted().toList();
        }
        files.forEach(this::restore);
    }

    private void restore(Path file) {
        String encoded = file.getFileName().toString();
        try {
            String name = URLDecoder.decode(encoded.substring(0, encoded.length() - SUFFIX.length()), StandardCharsets.UTF_8);
            if (control.filter(name).isPresent()) {
                return; // given by the filters option, which goes first
            }
            String text = Files.readString(file);
            int end = text.indexOf('\n');
            boolean hasOptions = text.startsWith(OPTIONS) && end > 0;
            FilterStatus status = control.install(
                    name, hasOptions ? text.substring(end + 1) : text,
                    InstallOptions.parse(hasOptions ? text.substring(OPTIONS.length(), end) : ""));
            if (status.state() == null || status.state().isEnd()) {
                AgentLog.warn("state: filter '" + name + "' was enabled in this JVM before and does not fit it now: " + status.state()
                        + status.diagnostics().stream().map(d -> "; " + d.code() + " " + d.message()).reduce("", String::concat));
                Files.deleteIfExists(file);
            } else {
                AgentLog.info("state: filter '" + name + "' was enabled in this JVM before: " + status.state());
            }
        } catch (IOException | RuntimeException e) {
            AgentLog.warn("state: the filter in " + file + " was enabled in this JVM before and cannot be installed: " + e);
        }
    }

    private void happened(FilterEvent event) {
        FilterStatus status = event.status();
        if (event.kind() != FilterEvent.Kind.STATE || status.state() == null || !lock.isValid()) {
            return;
        }
        Path file = directory.resolve(URLEncoder.encode(status.filter(), StandardCharsets.UTF_8) + SUFFIX);
        try {
            switch (status.state()) {
                case WAITING_FOR_CLASS, EVACUATING, ACTIVE, OBSERVING, ACCEPTED -> write(file, status);
                case REMOVING, REMOVED, REJECTED, FAILED -> Files.deleteIfExists(file);
                case CHECKING -> { }
            }
        } catch (IOException e) {
            AgentLog.warn("state: filter '" + status.filter() + "' is not remembered: " + e);
        }
    }

    /** In one step: a JVM that is killed meanwhile leaves the old file or the new one. */
    private void write(Path file, FilterStatus status) throws IOException {
        String content = OPTIONS + "mode=" + status.mode() + "\n" + status.text();
        if (Files.exists(file) && Files.readString(file).equals(content)) {
            return;
        }
        Path fresh = Files.createTempFile(directory, "new-", ".tmp");
        Files.writeString(fresh, content);
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
