package dev.loom.ctl;

import dev.loom.ctl.failure.CommandFailure;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.classes.JarClasses;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads {@code --classpath}: jars, directories and {@code lib/*}, separated as this system separates paths, or by commas. */
final class ClassPath {

    private static final String OPTION = "--classpath";

    private ClassPath() {}

    /** The classes; the files stay open until the tool ends. */
    static ClassSource open(String text) {
        try {
            return JarClasses.open(paths(OPTION, text));
        } catch (IOException e) {
            throw CommandFailure.usage(OPTION + ": " + e.getMessage(), "");
        }
    }

    /** The files and directories that an option names. */
    static List<Path> paths(String option, String text) {
        List<Path> paths = new ArrayList<>();
        for (String part : text.split("[," + File.pathSeparator + "]")) {
            if (part.endsWith("/*") || part.endsWith(File.separator + "*")) {
                paths.addAll(jarsIn(option, Path.of(part.substring(0, part.length() - 2))));
            } else if (!part.isBlank()) {
                paths.add(existing(option, Path.of(part.strip())));
            }
        }
        if (paths.isEmpty()) {
            throw CommandFailure.usage(option + " names no jar and no directory", "");
        }
        return paths;
    }

    private static Path existing(String option, Path path) {
        if (!Files.isReadable(path)) {
            throw CommandFailure.usage(option + ": " + path + " does not exist or cannot be read", "");
        }
        return path;
    }

    private static List<Path> jarsIn(String option, Path directory) {
        try (Stream<Path> files = Files.list(existing(option, directory))) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        } catch (IOException e) {
            throw CommandFailure.usage(option + ": " + directory + " cannot be read: " + e.getMessage(), "");
        }
    }
}
