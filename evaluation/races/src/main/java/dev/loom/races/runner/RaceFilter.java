package dev.loom.races.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A filter of these races.
 *
 * @param name it installs under
 */
record RaceFilter(String name, Path file, String text) {

    static RaceFilter of(Path file) throws IOException {
        String fileName = file.getFileName().toString();
        return new RaceFilter(fileName.substring(0, fileName.length() - ".loom".length()), file, Files.readString(file));
    }

    /** Lines that somebody had to write: no comments, pins, blank lines. */
    long lines() {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("//") && !line.startsWith("pin ")).count();
    }
}
