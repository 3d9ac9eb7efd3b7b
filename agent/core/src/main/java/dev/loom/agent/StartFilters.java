package dev.loom.agent;

import dev.loom.agent.control.FilterControl;
import dev.loom.agent.control.FilterState;
import dev.loom.agent.control.FilterStatus;
import dev.loom.agent.control.InstallOptions;
import dev.loom.agent.control.Remark;
import dev.loom.agent.support.AgentLog;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Installs the filters of the {@code filters} option. A filter that cannot be installed is reported, and the next one is tried. */
final class StartFilters {

    /** A larger file is no filter; the language has the same limit. */
    private static final long MAX_BYTES = 1024 * 1024;

    private StartFilters() {}

    static void install(FilterControl control, Path fileOrDirectory) {
        List<Path> files;
        try {
            files = filesOf(fileOrDirectory);
        } catch (IOException e) {
            AgentLog.warn("filters: " + fileOrDirectory + " cannot be read: " + e);
            return;
        }
        if (files.isEmpty()) {
            AgentLog.warn("filters: " + fileOrDirectory + " has no .loom files");
        }
        for (Path file : files) {
            installOne(control, file);
        }
    }

    private static List<Path> filesOf(Path fileOrDirectory) throws IOException {
        if (!Files.isDirectory(fileOrDirectory)) {
            return List.of(fileOrDirectory);
        }
        try (Stream<Path> entries = Files.list(fileOrDirectory)) {
            return entries.filter(file -> file.getFileName().toString().endsWith(".loom") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        }
    }

    private static void installOne(FilterControl control, Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                AgentLog.warn("filters: " + file + " is larger than 1 MiB, so it is not a filter");
                return;
            }
            String text = Files.readString(file);
            report(file, control.install(nameOf(file, text), text, InstallOptions.DEFAULT));
        } catch (CharacterCodingException e) {
            AgentLog.warn("filters: " + file + " is not UTF-8 text");
        } catch (IOException e) {
            AgentLog.warn("filters: " + file + " cannot be read: " + e);
        } catch (IllegalArgumentException | IllegalStateException e) {
            AgentLog.warn("filters: " + file + " is not installed: " + e.getMessage());
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            AgentLog.warn("filters: " + file + " is not installed because of a fault in Loom", e);
        }
    }

    /** The text's own name if it has one, else that of the file. */
    private static String nameOf(Path file, String text) {
        if (WRAPPER.matcher(text).find()) {
            return "";
        }
        String name = file.getFileName().toString();
        return name.endsWith(".loom") ? name.substring(0, name.length() - ".loom".length()) : name;
    }

    private static final java.util.regex.Pattern WRAPPER = java.util.regex.Pattern.compile("(?m)^\\s*filter\\s*\"");

    private static void report(Path file, FilterStatus status) {
        for (Remark remark : status.diagnostics()) {
            String line = "filters: " + file + ":" + remark.line() + ":" + remark.column() + ": " + remark.code() + ": "
                    + remark.message() + (remark.hint().isEmpty() ? "" : " (" + remark.hint() + ")");
            if (remark.severity().equals("ERROR")) {
                AgentLog.warn(line);
            } else {
                AgentLog.info(line);
            }
        }
        if (status.state() == FilterState.REJECTED || status.state() == FilterState.FAILED) {
            AgentLog.warn("filters: " + file + " is not installed: " + status.state()
                    + (status.cause().isEmpty() ? "" : ", " + status.cause()));
        } else {
            AgentLog.info("filters: " + file + " is installed as '" + status.filter() + "': " + status.state());
        }
    }
}
