package dev.loom.ctl;

import dev.loom.ctl.output.Printer;
import dev.loom.filter.FilterCompiler;
import dev.loom.filter.classes.ClassSource;

/** Writes {@code pin} lines into a filter's file, instead of those that are there. */
final class Pins {

    private Pins() {}

    /** Returns the file as it is then. */
    static FilterFile write(FilterFile filter, ClassSource classes, Printer printer) {
        String pinned = FilterCompiler.pinned(filter.textToSend(), filter.baseName(), classes);
        if (pinned.equals(filter.text())) {
            printer.note(filter.file() + " is left as it is");
            return filter;
        }
        filter.replace(pinned);
        printer.note(filter.file() + " has its pins");
        return FilterFile.read(filter.file());
    }
}
