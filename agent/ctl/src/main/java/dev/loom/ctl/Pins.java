package dev.loom.ctl;

import dev.loom.ctl.output.Printer;
import dev.loom.filter.FilterCompiler;
import dev.loom.filter.classes.ClassSource;

/** Writes {@code pin} lines into a filter's file, instead of those that are there. */
final class Pins {

    private Pins() {}

    static void write(FilterFile filter, ClassSource classes, Printer printer) {
        String pinned = FilterCompiler.pinned(filter.textToSend(), filter.baseName(), classes);
        if (pinned.equals(filter.text())) {
            printer.note(filter.file() + " is left as it is");
            return;
        }
        filter.replace(pinned);
        printer.note(filter.file() + " has its pins");
    }
}
