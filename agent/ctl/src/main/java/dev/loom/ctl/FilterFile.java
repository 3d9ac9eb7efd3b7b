package dev.loom.ctl;

import dev.loom.ctl.failure.CommandFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A filter that was read from a file.
 *
 * @param file as it was written on the command line
 * @param bytes its content
 * @param text the same, with a replacement for what is no UTF-8
 */
record FilterFile(Path file, byte[] bytes, String text) {

    /** The limit of the language. */
    private static final long MAX_BYTES = 1024 * 1024;

    private static final Pattern WRAPPER = Pattern.compile("(?m)^\\s*filter\\s*\"([^\"\\n]*)\"?");

    static FilterFile read(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw CommandFailure.failed(file + " is a directory", "name the filter files, such as " + file.resolve("*.loom"));
            }
            if (Files.size(file) > MAX_BYTES) {
                throw CommandFailure.failed(file + " is larger than 1 MiB, so it is not a filter", "");
            }
            byte[] bytes = Files.readAllBytes(file);
            return new FilterFile(file, bytes, new String(bytes, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            throw CommandFailure.failed("there is no file " + file, "");
        } catch (IOException e) {
            throw CommandFailure.failed(file + " cannot be read: " + e.getMessage(), "");
        }
    }

    /** Writes another text into the file. */
    void replace(String other) {
        try {
            // a file of its own first: a filter must not be lost because the disk is full
            Path fresh = Files.createTempFile(file.toAbsolutePath().getParent(), "." + file.getFileName(), ".tmp");
            Files.writeString(fresh, other);
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw CommandFailure.failed(file + " cannot be written: " + e.getMessage(), "");
        }
    }

    /** The text, to be sent to an agent. */
    String textToSend() {
        if (text.indexOf('\uFFFD') >= 0 && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
            throw CommandFailure.failed(file + " is not UTF-8 text, so it is not a filter", "");
        }
        return text;
    }

    /** The name to install it under: empty where the text says one itself. */
    String name() {
        return WRAPPER.matcher(text).find() ? "" : baseName();
    }

    /** The name that the text says; empty where it says none. */
    String nameInText() {
        Matcher wrapper = WRAPPER.matcher(text);
        return wrapper.find() ? wrapper.group(1) : "";
    }

    /** Name of the file without {@code .loom}. */
    String baseName() {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".loom") ? name.substring(0, name.length() - ".loom".length()) : name;
    }
}
