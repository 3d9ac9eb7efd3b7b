package dev.loom.ctl;

import dev.loom.ctl.output.Printer;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.syntax.FilterFormatter;
import dev.loom.filter.syntax.FilterParser;
import dev.loom.filter.syntax.FilterTree;

/** Brings filters into the usual layout. */
final class Layout {

    private Layout() {}

    /** Prints a filter in the usual layout, or writes its file so. One with syntax errors stays as it is: the check says which. */
    static void show(dev.loom.ctl.FilterFile filter, boolean write, Printer printer) {
        Diagnostics diagnostics = new Diagnostics(filter.file().toString());
        FilterTree parsed = FilterParser.parse(filter.textToSend(), diagnostics);
        if (diagnostics.hasErrors()) {
            printer.note(filter.file() + " has syntax errors, so its layout is left as it is");
            return;
        }
        String formatted = FilterFormatter.format(parsed, filter.text());
        if (!write) {
            printer.text(formatted);
        } else if (!formatted.equals(filter.text())) {
            filter.replace(formatted);
            printer.note(filter.file() + " has the usual layout now");
        }
    }
}
