package dev.loom.ctl;

import dev.loom.ctl.failure.CommandFailure;
import dev.loom.ctl.output.Printer;
import dev.loom.filter.FilterCompiler;
import dev.loom.filter.classes.ClassSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes {@code pin} lines into a filter's file, instead of those that are there. */
final class Pins {

    private Pins() {}

    static void write(FilterFile filter, ClassSource classes, Printer printer) {
        String pinned = FilterCompiler.pinned(filter.textToSend(), filter.baseName(), classes);
        Path file = filter.file();
        if (pinned.equals(filter.text())) {
            printer.note(file + " is left as it is");
            return;
        }
        try {
            // a file of its own first: a filter must not be lost because the disk is full
            Path fresh = Files.createTempFile(file.toAbsolutePath().getParent(), "." + file.getFileName(), ".tmp");
            Files.writeString(fresh, pinned);
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
            printer.note(file + " has its pins");
        } catch (IOException e) {
            throw CommandFailure.failed("the pins cannot be written to " + file + ": " + e.getMessage(), "");
        }
    }
}
